import { isDeepStrictEqual } from 'node:util';
import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import { isSameResource } from '../../functions/oauth/resource-server.ts';
import {
  credentialsLostBy,
  isSecretMethod,
  presentKinds,
} from '../../registry/client-authentication.ts';
import { newSecret } from '../../registry/client-secrets.ts';
import { type AuthenticationUpdate, updateClient } from '../../registry/client-update.ts';
import { findClient } from '../../registry/clients.ts';
import type { GrantRequest } from '../../registry/grants.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import { type ClaimUpdateOptions, claimsUpdateOf } from '../command/claim-options.ts';
import type { CommandContext } from '../command/command-context.ts';
import { noteTokensOut } from '../command/revocation-effect.ts';
import { CliError } from '../io/cli-error.ts';
import { confirm, confirmRisks } from '../io/prompt.ts';
import { printClient } from './actions.ts';
import {
  type AuthenticationOptions,
  chooseAuthMethod,
  isAboutAuthentication,
} from './authentication-choice.ts';
import { readCredentials } from './authentication-input.ts';
import { type BindingOptions, bindingOf } from './binding-options.ts';
import { noteSecret, printWithSecret } from './create.ts';

interface UpdateOptions
  extends AuthenticationOptions,
    BindingOptions,
    ClaimUpdateOptions,
    Pick<GrantRequest, 'scope'> {
  readonly name?: string;
  readonly grant?: GrantRequest['grants'];
  readonly removeGrant?: readonly string[];
  readonly tokenLifetime?: number | 'default';
  /** `false`: none. */
  readonly introspection?: readonly string[] | false;
  readonly yes?: boolean;
}

/** `client update` */
export async function update(
  context: CommandContext,
  options: UpdateOptions,
  id: string,
): Promise<void> {
  const { yes: _, ...changes } = options;
  if (Object.keys(changes).length === 0) {
    throw new CliError('say what to change: see `countersign client update --help`', 2);
  }
  const given = [...(options.grant?.keys() ?? [])];
  const both = options.removeGrant?.find((removed) =>
    given.some((granted) => isSameResource(granted, removed)),
  );
  if (both) throw new CliError(`the grant for ${both} cannot be both given and removed`, 2);
  const claims = claimsUpdateOf(options);
  const before = await findClient(context.registry, id);
  const changed = isAboutAuthentication(options)
    ? await changedAuthentication(context, options, before)
    : undefined;
  const client = await updateClient(context.registry, id, {
    client_name: options.name,
    scope: options.scope,
    grants: options.grant,
    removedGrants: options.removeGrant,
    authentication: changed?.authentication,
    ...bindingOf(options),
    access_token_lifetime: options.tokenLifetime,
    introspection_resources: options.introspection === false ? [] : options.introspection,
    claims,
  });
  if (changed?.client_secret === undefined) {
    printClient(context, client);
  } else {
    printWithSecret(context, client, changed.client_secret);
    noteSecret(context);
  }
  if (hasLost(before, client)) noteTokensOut(context, 'client', id);
}

/** Whether a client may do less than before, or lost a claim: its tokens may say more. */
const hasLost = (before: Client, { grants, claims }: Client): boolean =>
  [...before.grants].some(([resource, scope]) => {
    const granted = grants.get(resource);
    return granted === undefined || !scope.isSubsetOf(granted);
  }) ||
  Object.entries(before.claims).some(([name, value]) => !isDeepStrictEqual(claims[name], value));

/** How a client authenticates from now on, and the secret that it gets for that. */
interface ChangedAuthentication {
  readonly authentication: AuthenticationUpdate;
  readonly client_secret: string | undefined;
}

async function changedAuthentication(
  context: CommandContext,
  options: UpdateOptions,
  client: Client,
): Promise<ChangedAuthentication> {
  const from = client.token_endpoint_auth_method;
  const to = chooseAuthMethod(options, from, presentKinds(client));
  const given = await readCredentials(context, options, { method: to, today: client.trust });
  const yes = options.yes === true;
  await confirmRisks(context, (given.trust ?? []).flatMap(risksOf), yes);
  await confirmLoss(context, client, to, yes);
  if (!isSecretMethod(to) || isSecretMethod(from)) {
    return { authentication: { from, to, given }, client_secret: undefined };
  }
  const { client_secret, ...secret } = newSecret(context.now());
  const authentication = { from, to, given: { ...given, secrets: [secret] } };
  return { authentication, client_secret };
}

async function confirmLoss(
  context: CommandContext,
  client: Client,
  to: AuthMethod,
  yes: boolean,
): Promise<void> {
  const lost = credentialsLostBy(to, client).join(' and ');
  if (lost === '') return;
  const { client_id, client_name } = client;
  const question = `Change the client ${client_id} (${client_name}) to ${to}? It loses ${lost}.`;
  await confirm(context.terminal, question, yes);
}
