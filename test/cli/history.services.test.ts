import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { shortName } from '../../cli/history/view.ts';
import { changeLine } from '../../functions/history/change-line.ts';
import type { RegistryChange } from '../../functions/history/registry-change.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import { cloudFormation, describedStack } from './cloudformation.ts';
import { cloudWatchLogs } from './cloudwatch-logs.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { operator } from './sts.ts';

/** `countersign history`: what the log tells of changes of the registry, as people and programs read it. */

const now = 1_800_000_000;
const { directory, file, registry } = await localDeployment();
await createResourceServer(registry, { resource: 'urn:example:api', scope: new Set(['read']) });
const { endpoint: cloudformation, state: stacks } = await cloudFormation();
const logs = await cloudWatchLogs();
const outputs = { Issuer: file.issuer, RegistryTable: file.registryTable };

beforeEach(() => {
  const { dynamodbEndpoint: dynamodb, lambdaEndpoint: lambda } = file;
  stubAwsEnvironment({ cloudformation, dynamodb, lambda });
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', logs.endpoint);
  stacks.answer = () => describedStack('Countersign', { ...outputs, HistoryLogGroup: 'history' });
  Object.assign(logs.state, { asked: [], pages: [], refusal: undefined });
});

const change = (special: Partial<RegistryChange> = {}): RegistryChange => ({
  time: now - 3600,
  subject: 'client',
  id: 'billing',
  action: 'changed',
  fields: [{ name: 'grants', before: { 'urn:a': 'read' }, after: { 'urn:a': 'read write' } }],
  untold: [],
  identity: operator,
  tool: 'client update',
  sequence: '100',
  ...special,
});
const line = (special: Partial<RegistryChange> = {}) => changeLine(change(special), '2027');
const run = (...parameters: readonly string[]) =>
  inProcess(['history', ...parameters], { now: () => now });
const note = 'Changes since 2026-10-17T08:00:00Z are shown; --since looks further back.\n';

describe('of a deployment', () => {
  test('people read when, who, with what, and what changed; the newest first', async () => {
    const deleted = { action: 'deleted', time: now - 60, sequence: '101', fields: [] } as const;
    logs.state.pages = [
      [line(), '{"platform":"START"}', 'no JSON'],
      [],
      [line({ ...deleted, identity: undefined, tool: undefined, untold: ['secrets'] })],
    ];
    expect(await run()).toEqual({
      exitCode: 0,
      stdout: `2027-01-15T07:59:00Z  not by Countersign  deleted client billing
    secrets: changed, and not shown
2027-01-15T07:00:00Z  alice@example.com (Operators)  client update  changed client billing
    grants: {"urn:a":"read"} -> {"urn:a":"read write"}
`,
      stderr: note,
    });
    expect(logs.state.asked).toHaveLength(3);
    expect(logs.state.asked[0]).toMatchObject({
      target: 'Logs_20140328.FilterLogEvents',
      logGroupName: 'history',
      startTime: (now - 90 * 86_400) * 1000,
      filterPattern: '{ $.service = "history" }',
    });
  });

  test('programs read the same, each change once', async () => {
    logs.state.pages = [[line(), line(), line({ sequence: '99', time: now - 7200 })]];
    const { stdout, stderr } = await run('--json', '--limit', '1', '--since', '1d');
    const since = now - 86_400;
    expect(JSON.parse(stdout)).toEqual({ changes: [change()], since, more: true });
    expect(stderr).toBe('');
    expect(logs.state.asked[0]).toMatchObject({ startTime: since * 1000 });
    expect((await run('--limit', '1')).stderr).toMatch(/^There are older ones: --limit shows more/);
  });

  test('changes of the same second are in the order of the stream', async () => {
    logs.state.pages = [[line({ sequence: '99' }), line({ sequence: '1000' })]];
    const { stdout } = await run('--json');
    const { changes } = JSON.parse(stdout);
    expect(changes.map(({ sequence }: RegistryChange) => sequence)).toEqual(['1000', '99']);
  });

  test('of one id, one that is gone too', async () => {
    logs.state.pages = [[line(), line({ id: 'other', sequence: '2' })]];
    const { changes } = JSON.parse((await run('other', '--json')).stdout);
    expect(changes).toEqual([change({ id: 'other', sequence: '2' })]);
  });

  test('an id that nobody knows is told from one without changes', async () => {
    expect(await run('urn:example:api')).toMatchObject({
      exitCode: 0,
      stdout: 'No change since 2026-10-17T08:00:00Z is recorded.\n',
    });
    const unknown = await run('nobody');
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/^error: no change of nobody is recorded in this time, and no /);
  });

  test('what a value holds makes no line, and what cannot be read is counted', async () => {
    const after = 'a\n2027-01-15T07:59:00Z  bob\u001b[31m';
    logs.state.pages = [
      [line({ fields: [{ name: 'client_name', after }] }), changeLine(undefined, '2027')],
    ];
    const { stdout, stderr } = await run();
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).toContain('client_name: a\\u000a2027-01-15T07:59:00Z  bob\\u001b[31m');
    expect(stderr).toMatch(/^warning: 1 changes are recorded that nobody can read/);
  });

  test.for([
    [
      'ResourceNotFoundException',
      'The specified log group does not exist.',
      /^error: the log group of this deployment’s history does not exist: it was deleted/,
    ],
    [
      'AccessDeniedException',
      'User: alice is not authorized to perform: logs:FilterLogEvents',
      /^error: the AWS credentials do not permit this: User: alice is not authorized to perform: /,
    ],
  ] as const)('%s is a sentence', async ([type, message, sentence]) => {
    logs.state.refusal = { type, message };
    const outcome = await run();
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
  });

  test('that is older has none', async () => {
    stacks.answer = () => describedStack('Countersign', outputs);
    expect(await run()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: this deployment records no history yet: deploy it again with npx cdk deploy\n',
    });
  });

  test.for([
    ['--since', 'yesterday'],
    ['--limit', '0'],
  ])('%s %s is wrong', async (options) => {
    expect(await run(...options)).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

test('of the local stack it is read from its log', async () => {
  const log = join(directory, 'local.log');
  await writeFile(log, `Countersign-History ${line({ identity: 'local' })}\nOther {"a":1}\n`);
  const { stdout } = await run('--local');
  expect(stdout).toMatch(
    /^2027-01-15T07:00:00Z {2}local {2}client update {2}changed client billing\n/,
  );
  await rm(log);
  expect(await run('--local')).toMatchObject({ exitCode: 1, stdout: '' });
});

test.for([
  [operator, 'alice@example.com (Operators)'],
  ['arn:aws:iam::111122223333:user/team/alice', 'alice'],
  ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root'],
  [
    'arn:aws:cloudformation:eu-central-1:1:stack/S/1/Billing',
    'arn:aws:cloudformation:eu-central-1:1:stack/S/1/Billing',
  ],
])('%s is called %s', ([identity = '', name]) => {
  expect(shortName(identity)).toBe(name);
});
