import type { Client } from '../../functions/oauth/client.ts';
import { isSecretMethod, usesKind } from '../../registry/client-authentication.ts';
import { createClient, createSecretlessClient } from '../../registry/clients.ts';
import type { GrantRequest } from '../../registry/grants.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import type { ClaimOptions } from '../command/claim-options.ts';
import type { CommandContext } from '../command/command-context.ts';
import { confirmRisks } from '../io/prompt.ts';
import { pairs } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { type AuthenticationOptions, chooseAuthMethod } from './authentication-choice.ts';
import { readCredentials } from './authentication-input.ts';
import { credentialRows } from './authentication-view.ts';
import { type BindingOptions, bindingOf } from './binding-options.ts';
import { clientRecord } from './view.ts';

interface CreateOptions
  extends AuthenticationOptions,
    BindingOptions,
    ClaimOptions,
    Pick<GrantRequest, 'scope'> {
  readonly name: string;
  readonly clientId?: string;
  readonly grant?: GrantRequest['grants'];
  readonly tokenLifetime?: number;
  readonly introspection?: readonly string[];
  readonly yes?: boolean;
}

/** `client create` */
export async function create(context: CommandContext, options: CreateOptions): Promise<void> {
  const { client, client_secret } = await register(context, options);
  if (client_secret === undefined) {
    const { client_id, token_endpoint_auth_method: authentication } = client;
    const subject = usesKind(authentication, 'subject') ? credentialRows(client) : {};
    context.print({
      json: clientRecord(client),
      text: pairs({ client_id, authentication, ...subject }),
    });
  } else {
    printWithSecret(context, client, client_secret);
  }
  if (!options.scope && !options.grant) {
    note(context.terminal, withoutScope(client));
  }
  if (client_secret !== undefined) noteSecret(context);
}

function withoutScope({ grants }: Client): string {
  const [resource] = grants.keys();
  if (resource === undefined) return 'It has no grant: it gets no token, and may introspect.';
  return `It has no scope: its tokens for ${resource} only say who it is.`;
}

/** Prints a client and its new secret, this once. */
export function printWithSecret(
  context: CommandContext,
  client: Client,
  client_secret: string,
): void {
  context.print({
    // RFC 7591 §3.2.1: 0 says that the secret does not expire.
    json: { ...clientRecord(client), client_secret, client_secret_expires_at: 0 },
    text: pairs({ client_id: client.client_id, client_secret }),
  });
}

/** Says that a secret is told once. */
export function noteSecret({ terminal }: CommandContext): void {
  note(terminal, 'Keep the secret now: it is not shown again.');
}

async function register(
  context: CommandContext,
  options: CreateOptions,
): Promise<{ readonly client: Client; readonly client_secret?: string }> {
  const method = chooseAuthMethod(options);
  const registration = {
    client_name: options.name,
    client_id: options.clientId,
    scope: options.scope,
    grants: options.grant,
    ...bindingOf(options),
    access_token_lifetime: options.tokenLifetime,
    introspection_resources: options.introspection,
    claims: options.claim,
  };
  if (isSecretMethod(method)) {
    const { registry } = context;
    return await createClient(registry, { ...registration, token_endpoint_auth_method: method });
  }
  const credentials = await readCredentials(context, options, { method });
  await confirmRisks(context, (credentials.trust ?? []).flatMap(risksOf), options.yes === true);
  const client = await createSecretlessClient(context.registry, {
    ...registration,
    token_endpoint_auth_method: method,
    credentials,
  });
  return { client };
}
