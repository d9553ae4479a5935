import type { Command } from 'commander';
import type { Client } from '../../functions/oauth/client.ts';
import { isSecretMethod } from '../../registry/client-authentication.ts';
import { newSecret, withoutSecret, withSecret } from '../../registry/client-secrets.ts';
import { changeClient, findClient } from '../../registry/clients.ts';
import { commandHint } from '../../registry/command-hint.ts';
import { parseClientId } from '../../registry/rules.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { durationValue } from '../command/option-values.ts';
import { noteTokensOut } from '../command/revocation-effect.ts';
import { CliError } from '../io/cli-error.ts';
import { confirm } from '../io/prompt.ts';
import { date, pairs } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { clientCacheNote } from './cache-note.ts';
import { secretRecord, secretsText } from './view.ts';

/** Adds `countersign client secret`. */
export function addClientSecretCommands(client: Command, commandLine: CommandLine): void {
  const secret = client.command('secret').description('add and revoke the secrets of a client');
  secret
    .command('add')
    .description('give a client another secret, five at most; prints it, this once')
    .argument('<id>', 'client_id', parseClientId)
    .option('--expires-in <time>', 'such as 30d, 12h, 90m, 3600s (default: never)', durationValue)
    .addHelpText('after', addExamples)
    .action(registryAction(commandLine, add));
  secret
    .command('list')
    .description('list the secrets of a client, without the secrets themselves')
    .argument('<id>', 'client_id', parseClientId)
    .addHelpText('after', '\nExample:\n  $ countersign client secret list s6BhdRkqt3')
    .action(registryAction(commandLine, list));
  secret
    .command('revoke')
    .description('take a secret from a client')
    .argument('<id>', 'client_id', parseClientId)
    .argument('<secret-id>', 'as client secret list shows it')
    .option('--yes', 'do not ask')
    .addHelpText('after', clientCacheNote)
    .addHelpText('after', '\nExample:\n  $ countersign client secret revoke s6BhdRkqt3 9f86d081')
    .action(registryAction(commandLine, revoke));
}

async function add(
  context: CommandContext,
  options: { readonly expiresIn?: number },
  id: string,
): Promise<void> {
  const now = context.now();
  const expires_at = options.expiresIn === undefined ? undefined : now + options.expiresIn;
  const { client_secret, ...secret } = newSecret(now, expires_at);
  await changeClient(context.registry, id, (client) =>
    withSecret(requireSecretMethod(client), secret, now),
  );
  const told = { client_secret, client_secret_expires_at: expires_at ?? 0 };
  context.print({
    // RFC 7591 §3.2.1: 0 says that the secret does not expire.
    json: { client_id: id, ...secretRecord(secret), ...told },
    text: pairs({
      client_id: id,
      secret_id: secret.id,
      client_secret,
      expires: expires_at === undefined ? 'never' : date(expires_at),
    }),
  });
  note(context.terminal, 'Keep the secret now: it is not shown again.');
}

function requireSecretMethod(client: Client): Client {
  const { client_id, token_endpoint_auth_method: method } = client;
  if (isSecretMethod(method)) return client;
  throw new CliError(
    `the client ${client_id} authenticates by ${method} and can have no secret; ${commandHint('client', 'update', client_id, '--auth-method', 'client_secret_basic')} changes that`,
  );
}

async function list(context: CommandContext, _options: unknown, id: string): Promise<void> {
  const { secrets } = await findClient(context.registry, id);
  const json = { client_id: id, secrets: secrets.map(secretRecord) };
  context.print({ json, text: secretsText(secrets, context.now()) });
}

async function revoke(
  context: CommandContext,
  options: { readonly yes?: boolean },
  id: string,
  secretId: string,
): Promise<void> {
  const { secrets } = withoutSecret(await findClient(context.registry, id), secretId);
  const last = secrets.length === 0 ? ' It is the last one: the client will get no token.' : '';
  const question = `Revoke the secret ${secretId} of the client ${id}?${last}`;
  await confirm(context.terminal, question, options.yes === true);
  await changeClient(context.registry, id, (client) => withoutSecret(client, secretId));
  context.print({
    json: { client_id: id, secret_id: secretId, revoked: true },
    text: `Revoked the secret ${secretId}.`,
  });
  noteTokensOut(context, 'client', id);
}

const addExamples = `
To change a secret without a gap: add one, give it to the client, revoke the other.
Secrets that have expired are forgotten when one is added.

Examples:
  $ countersign client secret add s6BhdRkqt3
  $ countersign client secret add s6BhdRkqt3 --expires-in 30d`;
