import { beforeAll, expect, test } from 'vitest';
import type { ErrorCode } from '../../cli/io/error-codes.ts';
import { inProcessAsItIs } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** The codes by which a program tells errors of a deployment apart. */

const { lambda } = await localDeployment();
const kid = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const create = ['client', 'create', '--name', 'N', '--client-id', 'billing'];

beforeAll(async () => {
  await inProcessAsItIs(['resource', 'create', 'urn:a', '--scope', 'read', '--local']);
  await inProcessAsItIs([...create, '--scope', 'read', '--local']);
});

const cases: readonly (readonly [
  ErrorCode,
  readonly string[],
  { isTTY?: true; input?: string }?,
])[] = [
  ['not_found', ['client', 'show', 'nobody']],
  ['not_found', ['client', 'secret', 'revoke', 'billing', '00000000', '--yes']],
  ['not_found', ['resource', 'show', 'urn:nobody']],
  ['already_exists', create],
  ['already_exists', ['resource', 'create', 'URN:a', '--scope', 'read']],
  ['refused', ['client', 'update', 'billing', '--scope', 'write']],
  ['refused', ['key', 'revoke', kid, '--yes']],
  ['confirmation_needed', ['client', 'delete', 'billing']],
  ['declined', ['client', 'delete', 'billing'], { isTTY: true, input: 'no\n' }],
  ['token_refused', ['token', '--client-id', 'billing', '--client-secret', 'wrong']],
  ['wrong_usage', ['client', 'show', 'a b']],
];

test.for(cases)('%s: %j', async ([code, parameters, more]) => {
  const { stdout, stderr } = await inProcessAsItIs([...parameters, '--local', '--json'], more);
  expect(stdout).toBe('');
  const last = stderr.trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ error: code, message: expect.any(String) });
});

test('a hint is the command to paste, about the same deployment', async () => {
  const { stderr } = await inProcessAsItIs(['client', 'show', 'nobody', '--local', '--json']);
  expect(JSON.parse(stderr)).toMatchObject({ hint: 'countersign client list --local' });
});

test('of a function that fails nobody knows more', async () => {
  lambda.answerWith({ status: 200, body: '{}' });
  const { stderr } = await inProcessAsItIs(['key', 'list', '--local', '--json']);
  lambda.answerWith(undefined);
  expect(JSON.parse(stderr)).toMatchObject({ error: 'failed' });
});
