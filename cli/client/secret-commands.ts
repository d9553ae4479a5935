import type { Command } from 'commander';
import type { Client } from '../../functions/oauth/client.ts';
import { isSecretMethod } from '../../registry/client-authentication.ts';
import {
  newSecret,
  parseOwnSecret,
  withoutSecret,
  withSecret,
} from '../../registry/client-secrets.ts';
import { changeClient, findClient } from '../../registry/clients.ts';
import { commandHint } from '../../registry/command-hint.ts';
import { parseClientId } from '../../registry/rules.ts';
import { leastStrength, secretStrength } from '../../registry/secret-strength.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { durationValue } from '../command/option-values.ts';
import { noteTokensOut } from '../command/revocation-effect.ts';
import { CliError } from '../io/cli-error.ts';
import { confirm, confirmRisks, readSecret } from '../io/prompt.ts';
import { date, pairs } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { clientCacheNote } from './cache-note.ts';
import { useOf } from './last-use.ts';
import { secretRecord, secretsText } from './view.ts';

/** Adds `countersign client secret`. */
export function addClientSecretCommands(client: Command, commandLine: CommandLine): void {
  const secret = client.command('secret').description('add and revoke the secrets of a client');
  secret
    .command('add')
    .description('give a client another secret, five at most; prints one of ours, this once')
    .argument('<id>', 'client_id', parseClientId)
    .option('--expires-in <time>', 'such as 30d, 12h, 90m, 3600s (default: never)', durationValue)
    .option(
      '--from-stdin',
      'read a secret of your own from standard input, and print nothing of it',
    )
    .option('--yes', 'take a secret of your own however weak it is')
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

interface AddOptions {
  readonly expiresIn?: number;
  readonly fromStdin?: boolean;
  readonly yes?: boolean;
}

async function add(context: CommandContext, options: AddOptions, id: string): Promise<void> {
  const now = context.now();
  const expires_at = options.expiresIn === undefined ? undefined : now + options.expiresIn;
  if (options.fromStdin) return await addOwn(context, { ...options, expires_at }, id);
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

/** Adds a secret that the owner has made, where it is strong enough. */
async function addOwn(
  context: CommandContext,
  { expires_at, yes }: AddOptions & { readonly expires_at: number | undefined },
  id: string,
): Promise<void> {
  const { client_name } = requireSecretMethod(await findClient(context.registry, id));
  const own = parseOwnSecret(await readSecret(context.terminal, `the client ${id}`, noSecret));
  const strength = secretStrength(own, [id, client_name]);
  const weak = `the secret has ${strength} bits at most, and needs ${leastStrength} so that nobody guesses it`;
  await confirmRisks(context, strength < leastStrength ? [weak] : [], yes === true);
  const { client_secret: _, ...secret } = newSecret(context.now(), expires_at, own);
  await changeClient(context.registry, id, (client) =>
    withSecret(requireSecretMethod(client), secret, context.now()),
  );
  const told = { client_secret_expires_at: expires_at ?? 0, strength_bits: strength };
  context.print({
    json: { client_id: id, ...secretRecord(secret), ...told },
    text: pairs({
      client_id: id,
      secret_id: secret.id,
      strength: `${strength} bits at most`,
      expires: expires_at === undefined ? 'never' : date(expires_at),
    }),
  });
}

const noSecret = 'no client secret was given: --from-stdin reads it from standard input';

function requireSecretMethod(client: Client): Client {
  const { client_id, token_endpoint_auth_method: method } = client;
  if (isSecretMethod(method)) return client;
  throw new CliError(
    `the client ${client_id} authenticates by ${method} and can have no secret; ${commandHint('client', 'update', client_id, '--auth-method', 'client_secret_basic')} changes that`,
  );
}

async function list(context: CommandContext, _options: unknown, id: string): Promise<void> {
  const { secrets } = await findClient(context.registry, id);
  const use = await useOf(context, id);
  const records = secrets.map((secret) => secretRecord(secret, use));
  const json = { client_id: id, secrets: records };
  context.print({ json, text: secretsText(secrets, context.now(), use) });
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
A secret of your own is read without its last newline. Fewer than ${leastStrength} bits need --yes: that is as
many as its characters can have, less what repeats, is known of the client or can be told as words.

Examples:
  $ countersign client secret add s6BhdRkqt3
  $ countersign client secret add s6BhdRkqt3 --expires-in 30d
  $ pass show billing | countersign client secret add s6BhdRkqt3 --from-stdin`;
