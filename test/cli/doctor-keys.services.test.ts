import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Finding } from '../../cli/doctor/findings/finding.ts';
import { stranger } from '../key-rotation/foreign-keys.ts';
import { testAccount } from '../support/test-account.ts';
import { inProcess } from './command.ts';
import { functionError, lambdaError } from './lambda-service.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign doctor` on keys that others have tagged as those of the deployment. */

const clock = { now: Math.floor(Date.now() / 1000) };
const { file, lambda } = await localDeployment(() => clock.now);
const kms = new KMSClient({ ...testAccount, endpoint: file.kmsEndpoint });
afterAll(() => kms.destroy());
afterEach(() => lambda.answerWith(undefined));

async function findings(...options: readonly string[]): Promise<readonly Finding[]> {
  const { stdout } = await inProcess(['doctor', ...options, '--json']);
  const all: readonly Finding[] = JSON.parse(stdout).findings;
  return all.filter(({ check }) => check === 'key-tags');
}

test('all is well while there are none', async () => {
  expect(await findings('--local')).toMatchObject([{ status: 'ok', section: 'docs/keys.md' }]);
});

test('nothing is said of an issuer alone', async () => {
  expect(await findings('--issuer', file.issuer)).toEqual([]);
});

test.for([
  ['fails', functionError('Error', 'busy'), /failed \(Error: busy\)/],
  ['may not be invoked', lambdaError(403, 'AccessDeniedException', 'no'), /no/],
  ['cannot look at KMS', { status: 200, body: '{"outcome":"done","keys":[]}' }, /look at KMS/],
] as const)('it is not checked where the function %s', async ([, answer, why]) => {
  lambda.answerWith(answer);
  expect(await findings('--local')).toMatchObject([
    {
      status: 'not_checked',
      what: expect.stringMatching(why),
      remedy: expect.stringMatching(/permission to invoke it/),
    },
  ]);
});

test('each is a warning', async () => {
  const key_id = await stranger({ kms }).makes({
    'countersign:registry': file.registryTable,
    'countersign:algorithm': 'RS256',
  });
  clock.now += 300;
  expect(await findings('--local')).toMatchObject([
    {
      status: 'warning',
      what: `The KMS key ${key_id} has the tags of this deployment, and is none of its keys: no plan of ours has the id in its tag.`,
    },
  ]);
});
