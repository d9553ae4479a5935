import type { Stack } from '@aws-sdk/client-cloudformation';
import { CliError } from '../../io/cli-error.ts';
import { foreign } from '../../io/foreign.ts';
import type { Stacks } from './described-stacks.ts';
import { type StackServer, serversOf } from './server-outputs.ts';

/**
 * Finds the one authorization server that is meant.
 * @param choice `STACK` or `STACK/PATH`; undefined: the only one that there is
 * @throws CliError when there is none, or more than one; Error of the AWS SDK when AWS cannot tell
 */
export function findServer(stacks: Stacks, choice: string | undefined): Promise<StackServer> {
  return choice === undefined ? findOnly(stacks) : findNamed(stacks, choice);
}

async function findOnly(stacks: Stacks): Promise<StackServer> {
  const all = await allStacks(stacks);
  // A stack that is being deleted, or that could not be, still has its outputs.
  const servers = all.filter((stack) => !isGoing(stack)).flatMap(serversOf);
  const [server, ...others] = servers;
  if (server && others.length === 0) return server;
  const where = await stacks.where(all);
  if (server) throw several(servers, where);
  throw new CliError(
    `there is no authorization server of Countersign in ${where}; deploy one with \`npx cdk deploy\`, or look elsewhere with --region and --profile`,
    1,
    { code: 'no_deployment' },
  );
}

async function allStacks(stacks: Stacks): Promise<readonly Stack[]> {
  try {
    return await stacks.all();
  } catch (error) {
    if (!(error instanceof Error) || !/^AccessDenied/.test(error.name)) throw error;
    throw new CliError(
      `the AWS credentials do not permit to look through all stacks; name the stack with --stack (${foreign(error.message)})`,
      1,
      { code: 'access_denied' },
    );
  }
}

async function findNamed(stacks: Stacks, choice: string): Promise<StackServer> {
  const [name = '', ...parts] = choice.split('/');
  const stack = await stacks.named(name);
  if (!stack) {
    const where = await stacks.where([]);
    const sentence = `there is no stack ${name} in ${where}; deploy it with npx cdk deploy, or choose another with --stack and --region`;
    throw new CliError(sentence, 1, { code: 'no_deployment' });
  }
  const servers = serversOf(stack);
  const meant =
    parts.length === 0 ? servers : servers.filter(({ path }) => path === parts.join('/'));
  const [server, ...others] = meant;
  if (server && others.length === 0) return server;
  if (servers.length > 0) throw several(servers, `the stack ${name}`, choice);
  throw notOurs(stack);
}

const isGoing = ({ StackStatus }: Stack): boolean => StackStatus?.startsWith('DELETE_') === true;

function notOurs({ StackName, StackStatus }: Stack): CliError {
  return new CliError(
    `the stack ${StackName} (${StackStatus}) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable`,
    1,
    { code: 'not_a_deployment' },
  );
}

/** Each of them is a choice; what else was chosen is none of them. */
function several(servers: readonly StackServer[], where: string, choice?: string): CliError {
  const choices = servers.map((server) => nameOf(server, servers));
  if (choice?.includes('/')) {
    const sentence = `${where} has no authorization server ${choice}; choose one that it has`;
    return new CliError(sentence, 1, { code: 'not_a_deployment', choices });
  }
  const sentence = `there are ${servers.length} authorization servers in ${where}: choose one with --stack`;
  return new CliError(sentence, 1, { code: 'several_deployments', choices });
}

/** The stack's name, and the path where the stack has more of them. */
function nameOf({ stack, path }: StackServer, servers: readonly StackServer[]): string {
  const isAlone = servers.filter((other) => other.stack === stack).length === 1;
  return isAlone || path === undefined ? stack : `${stack}/${path}`;
}
