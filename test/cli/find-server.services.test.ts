import { beforeEach, describe, expect, test, vi } from 'vitest';
import { stubAwsEnvironment } from './aws-environment.ts';
import {
  answerOf,
  cloudFormation,
  described,
  type FakeStack,
  keyed,
  refusedAction,
  stackTemplate,
} from './cloudformation.ts';
import { inProcess, inProcessAsItIs } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** Which authorization server of an AWS account a command is about. */

const { file } = await localDeployment();
const { endpoint, state } = await cloudFormation();

beforeEach(() => {
  const { dynamodbEndpoint: dynamodb, lambdaEndpoint: lambda } = file;
  stubAwsEnvironment({ cloudformation: endpoint, dynamodb, lambda });
  state.asked.length = 0;
});

const ours = {
  Issuer: file.issuer,
  RegistryTable: file.registryTable,
  RevocationsTable: file.revocationsTable,
  KeyRotationFunction: file.keyRotationFunction,
};
const others = { ...ours, RegistryTable: 'another' };
const bucket = { name: 'Assets', outputs: keyed({ BucketName: 'assets' }) };
const orders: FakeStack = {
  name: 'Orders',
  status: 'UPDATE_COMPLETE',
  outputs: [...keyed({ Url: 'https://orders.example.com' }), ...described('Auth/Server', ours)],
};
const before: FakeStack = { name: 'Countersign', outputs: keyed(ours) };
const two: FakeStack = {
  name: 'Two',
  outputs: [...described('Staff', others), ...described('Machines', ours)],
};

const account = (...stacks: readonly FakeStack[]) => {
  state.answer = (query) => answerOf(stacks, query);
};
const list = ['client', 'list'];
const done = { exitCode: 0, stderr: '' };
const pages = () => state.asked.map((query) => query.get('StackName') ?? query.get('NextToken'));

describe('the only one is used', () => {
  test.for([
    ['in the stack of an owner, on the second page', [bucket, bucket, orders]],
    ['in a stack of an earlier version', [before, bucket]],
    ['beside one that is being deleted', [{ ...two, status: 'DELETE_IN_PROGRESS' }, orders]],
    ['beside one that could not be deleted', [{ ...two, status: 'DELETE_FAILED' }, orders]],
    ['beside one that is deleted', [{ ...two, status: 'DELETE_COMPLETE' }, orders]],
    ['beside a stack that is only reviewed', [{ name: 'A', status: 'REVIEW_IN_PROGRESS' }, orders]],
    ['beside a stack that was rolled back', [{ name: 'A', status: 'ROLLBACK_COMPLETE' }, orders]],
    [
      'while an update of it is rolled back',
      [{ ...orders, status: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    ],
  ] as const)('%s', async ([, stacks]) => {
    account(...stacks);
    expect(await inProcess(list)).toMatchObject(done);
    expect(await inProcess(['key', 'list'])).toMatchObject(done);
  });

  test('every page is looked at', async () => {
    account(orders, bucket, bucket, bucket, bucket);
    expect(await inProcess(list)).toMatchObject(done);
    expect(pages()).toEqual([null, '2', '4']);
  });
});

describe('--stack', () => {
  test.for([
    ['the name of the stack', 'Orders'],
    ['its name and the path of the server', 'Orders/Auth/Server'],
    ['one of two servers in a stack', 'Two/Machines'],
    ['a stack that could not be deleted', 'Stuck'],
  ])('takes %s, and looks at no other stack', async ([, choice = '']) => {
    account(two, orders, before, { ...orders, name: 'Stuck', status: 'DELETE_FAILED' });
    expect(await inProcess([...list, '--stack', choice])).toMatchObject(done);
    expect(pages()).toEqual([choice.split('/')[0]]);
  });

  test.for([
    [
      'Assets',
      'the stack Assets (CREATE_COMPLETE) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable',
    ],
    [
      'Half',
      'the stack Half (CREATE_IN_PROGRESS) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable',
    ],
    [
      'Torn',
      'the stack Torn (CREATE_COMPLETE) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable',
    ],
    [
      'Gone',
      'there is no stack Gone in eu-central-1; deploy it with npx cdk deploy, or choose another with --stack and --region',
    ],
  ])('is refused when it is none of ours: %s', async ([name = '', sentence]) => {
    // Somebody has written an output that contradicts ours: neither is believed.
    const torn = [
      ...described('Server', ours),
      ...described('Server', { Issuer: 'https://x.example' }),
    ];
    account(
      bucket,
      { name: 'Half', status: 'CREATE_IN_PROGRESS' },
      { name: 'Torn', outputs: torn },
    );
    expect(await inProcess([...list, '--stack', name])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${sentence}\n`,
    });
  });

  test.for(['Two/', 'Two//A', 'Two/a b', '/A', '1/A', '--x'])(
    'is refused as usage: %s',
    async (name) => {
      const { exitCode } = await inProcess([...list, `--stack=${name}`]);
      expect({ exitCode, asked: state.asked }).toEqual({ exitCode: 2, asked: [] });
    },
  );
});

test.for([
  { RegistryTable: 'arn:aws:dynamodb:eu-central-1:111122223333:table/theirs' },
  { KeyRotationFunction: 'arn:aws:lambda:eu-central-1:111122223333:function:theirs' },
  { KeyRotationFunction: '111122223333:theirs' },
  { RevocationsTable: 'arn:aws:dynamodb:eu-central-1:111122223333:table/theirs' },
])('a stack that leads into another account is none: %o', async (elsewhere) => {
  account(orders, { name: 'Theirs', outputs: described('Server', { ...ours, ...elsewhere }) });
  expect(await inProcess(list)).toMatchObject(done);
  const { stderr } = await inProcess([...list, '--stack', 'Theirs']);
  expect(stderr).toMatch('the stack Theirs (CREATE_COMPLETE) is no finished deployment');
});

describe('several are listed, each with the command to paste', () => {
  const command = [
    'client',
    'update',
    'billing',
    '--name',
    "Billing's own",
    '--region',
    'eu-west-1',
  ];
  const pasted = "countersign client update billing --name 'Billing'\\''s own' --region eu-west-1";

  test('of an account', async () => {
    account(before, orders, two);
    expect(await inProcess(command)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        'error: there are 4 authorization servers in eu-west-1 of the account 111122223333: choose one with --stack',
        `  ${pasted} --stack Countersign`,
        `  ${pasted} --stack Orders`,
        `  ${pasted} --stack Two/Staff`,
        `  ${pasted} --stack Two/Machines\n`,
      ].join('\n'),
    });
  });

  test('of a stack, whose name was not enough', async () => {
    account(two);
    const { stderr } = await inProcess([...command, '--stack', 'Two']);
    expect(stderr.split('\n')).toEqual([
      'error: there are 2 authorization servers in the stack Two: choose one with --stack',
      `  ${pasted} --stack Two/Staff`,
      `  ${pasted} --stack Two/Machines`,
      '',
    ]);
  });

  test('of a stack that has none of that path', async () => {
    account(two);
    const { stderr } = await inProcess([...list, '--stack=Two/Nobody']);
    expect(stderr).toMatch(/^error: the stack Two has no authorization server Two\/Nobody; choose/);
    expect(stderr).toContain('\n  countersign client list --stack Two/Staff\n');
  });

  test('in the hint of JSON', async () => {
    account(two);
    const { exitCode, stdout, stderr } = await inProcessAsItIs([...list, '--json']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: 'several_deployments',
      message: expect.stringMatching(/^there are 2 authorization servers in eu-central-1/),
      hint: [
        'countersign client list --json --stack Two/Staff',
        'countersign client list --json --stack Two/Machines',
      ].join('\n'),
    });
  });

  test.for([['--client-secret', 'hidden'], ['--client-secret=hidden']])(
    'without a secret that was typed: %s',
    async (secret) => {
      account(two);
      const { stderr } = await inProcess(['token', '--client-id', 'billing', ...secret]);
      expect(stderr).toContain('\n  countersign ... --stack Two/Staff\n');
      expect(stderr).not.toContain('hidden');
    },
  );
});

describe('none', () => {
  test.for([
    ['says the account where stacks tell it', [bucket], 'eu-central-1 of the account 111122223333'],
    ['says the Region alone where nothing does', [], 'eu-central-1'],
  ] as const)('%s', async ([, stacks, where]) => {
    account(...stacks);
    expect(await inProcess(list)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: there is no authorization server of Countersign in ${where}; deploy one with \`npx cdk deploy\`, or look elsewhere with --region and --profile\n`,
    });
  });
});

test('who may not look through all stacks is told of --stack', async () => {
  const message =
    'User: arn:aws:iam::111122223333:user/x is not authorized to perform: cloudformation:ListStacks';
  state.answer = () => refusedAction(403, 'AccessDenied', message);
  expect(await inProcess(list)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `error: the AWS credentials do not permit to look through all stacks; name the stack with --stack (${message})\n`,
  });
});

test('a page that is throttled is asked for again', async () => {
  state.answer = (query) =>
    state.asked.length === 2
      ? refusedAction(400, 'Throttling', 'Rate exceeded')
      : answerOf([bucket, bucket, orders], query);
  expect(await inProcess(list)).toMatchObject(done);
  expect(pages()).toEqual([null, '2', '2']);
});

test('doctor reads the template of the stack that it has found, beside what else is in there', async () => {
  const stacks = [bucket, bucket, orders];
  const foreign = { Queue: { Type: 'AWS::SQS::Queue' }, Api: { Type: 'AWS::ApiGatewayV2::Api' } };
  state.answer = (query) =>
    query.get('Action') === 'GetTemplate'
      ? stackTemplate(JSON.stringify({ Resources: foreign }))
      : answerOf(stacks, query);
  const { stdout, stderr } = await inProcess(['doctor', '--json']);
  expect(stderr).toBe('');
  const checks = new Map(
    JSON.parse(stdout).findings.map((finding: { check: string }) => [finding.check, finding]),
  );
  expect(checks.get('default-endpoint')).toMatchObject({ what: 'There is no mutual TLS.' });
  expect(state.asked.at(-1)?.get('StackName')).toBe('Orders');
});

test('a profile that does not exist is told by its name', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  const { exitCode, stderr } = await inProcess([...list, '--profile', 'nobody']);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^error: no AWS credentials were found for the profile nobody: .+\n$/,
    ),
  });
});
