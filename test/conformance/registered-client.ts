import { setTimeout as delay } from 'node:timers/promises';
import type { TlsIdentity } from '../../cli/io/http.ts';
import { registerSecretless } from './secretless-client.ts';
import type { ClientPlan, ResourceName, ThrowAwayClient } from './throw-away.ts';

/**
 * Runs `countersign` with these arguments and gives the JSON that it printed.
 * @throws Error with what it said when it refused, a sentence
 */
export type CountersignCommand = (parameters: readonly string[]) => Promise<unknown>;

/** A client that is to be registered. */
interface NewClient {
  readonly client_id: string;
  readonly plan: ClientPlan;
  readonly grants: readonly string[];
  /** What the suite shows at a TLS handshake. */
  readonly certificate?: TlsIdentity | undefined;
}

/** Registers a client as planned. */
export async function registerClient(
  command: CountersignCommand,
  { client_id, plan, grants, certificate }: NewClient,
): Promise<ThrowAwayClient> {
  const { authMethod = 'client_secret_basic', boundTo, tokenLifetime, afterwards } = plan;
  const create = ['client', 'create', '--name', client_id, '--client-id', client_id];
  const bound = boundTo === undefined ? [] : [boundTo === 'key' ? '--dpop' : '--mtls-bound'];
  const more = [...bound, ...lifetimeOption(tokenLifetime), ...grants];
  const options = ['--auth-method', authMethod, ...more];
  const secretless = await registerSecretless({
    client_id,
    plan,
    certificate,
    create: (proof) => command([...create, ...options, ...proof]),
  });
  if (secretless) return secretless;
  const client = (await command([...create, ...options])) as CreatedClient;
  return changeAfterwards(command, client, afterwards);
}

async function changeAfterwards(
  command: CountersignCommand,
  client: CreatedClient,
  afterwards: ClientPlan['afterwards'],
): Promise<ThrowAwayClient> {
  const { client_id, client_secret } = client;
  if (afterwards === 'disable') await command(['client', 'disable', client_id]);
  if (afterwards === 'replace the secret') {
    await command(['client', 'secret', 'add', client_id]);
    const [known] = client.secrets;
    await command(['client', 'secret', 'revoke', client_id, String(known?.secret_id), '--yes']);
  }
  if (afterwards === 'add a secret that expires') {
    const added = await command(['client', 'secret', 'add', client_id, '--expires-in', '1s']);
    await delay(untilExpired);
    return { client_id, client_secret: (added as ThrowAwayClient).client_secret };
  }
  return { client_id, client_secret };
}

// Milliseconds. Whole seconds are compared, and by the clock of the deployment.
const untilExpired = 3000;

/** What `client create --json` prints. */
interface CreatedClient extends ThrowAwayClient {
  readonly secrets: readonly { readonly secret_id: string }[];
}

/** Says the grants of a client, and whose tokens it may ask about, in options of `client create`. */
export async function grantOptions(
  command: CountersignCommand,
  { grants, introspects = [] }: ClientPlan,
  { resources, api }: { resources: ReadonlyMap<ResourceName, string>; api: string | undefined },
): Promise<readonly string[]> {
  const options = Object.entries(grants).map(async ([name, scope]) => {
    const uri = name === 'api' ? api : resources.get(name as ResourceName);
    const granted = scope === '*' ? await wholeScope(command, String(uri)) : scope;
    return ['--grant', `${uri}=${granted}`];
  });
  const asks = introspects.flatMap((name) => ['--introspection', String(resources.get(name))]);
  return [...(await Promise.all(options)).flat(), ...asks];
}

async function wholeScope(command: CountersignCommand, uri: string): Promise<string> {
  const shown = (await command(['resource', 'show', uri])) as { readonly scope: string };
  return shown.scope;
}

/** The option for a lifetime of access tokens, in seconds. */
export const lifetimeOption = (seconds: number | undefined): readonly string[] =>
  seconds === undefined ? [] : ['--token-lifetime', String(seconds)];
