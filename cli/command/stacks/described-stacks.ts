import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';

/** The stacks of an account in a Region. */
export interface Stacks {
  /** One of them; undefined: there is none of this name. */
  readonly named: (name: string) => Promise<Stack | undefined>;
  /** All that are there. CloudFormation leaves out those that are deleted. */
  readonly all: () => Promise<readonly Stack[]>;
  /** Where this is, for people. */
  readonly where: (stacks: readonly Stack[]) => Promise<string>;
}

/** Looks at stacks with the operator's own credentials, while `look` does. */
export async function withStacks<Value>(
  account: CloudFormationClientConfig,
  look: (stacks: Stacks) => Promise<Value>,
): Promise<Value> {
  // An account with many stacks has many pages, and CloudFormation lets few requests through.
  const client = new CloudFormationClient({ ...account, maxAttempts: 4 });
  try {
    return await look({
      named: (name) => named(client, name),
      all: () => all(client),
      where: (stacks) => where(client, stacks),
    });
  } finally {
    client.destroy();
  }
}

async function named(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && / does not exist$/.test(error.message)) return undefined;
    throw error;
  }
}

async function all(client: CloudFormationClient): Promise<readonly Stack[]> {
  const stacks: Stack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    stacks.push(...Stacks);
  }
  return stacks;
}

/** The account is told where it costs no request: any stack's ARN has it, and some credentials. */
async function where(client: CloudFormationClient, [stack]: readonly Stack[]): Promise<string> {
  const region = await client.config.region();
  const { accountId } = await client.config.credentials();
  const account = stack?.StackId?.split(':')[4] || accountId;
  return account ? `${region} of the account ${account}` : region;
}
