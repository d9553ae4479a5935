import { type Command, Option } from 'commander';
import { decodeJwt } from 'jose';
import type { ClientAuthentication } from '../../../functions/authentication/client-authentication.ts';
import type { Profile } from '../../../functions/oauth/profile.ts';
import { isLoopback } from '../../../functions/oauth/secure-url.ts';
import { guardedFetch } from '../../../functions/remote/guarded-fetch.ts';
import { publishedKeySets } from '../../../functions/remote/published-keys.ts';
import { usesKind } from '../../../registry/client-authentication.ts';
import { findClient } from '../../../registry/clients.ts';
import { parseClientId } from '../../../registry/rules.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../../command/command-context.ts';
import { NegativeAnswer } from '../../command/negative-answer.ts';
import { addRequiredOption } from '../../command/required-option.ts';
import { CliError } from '../../io/cli-error.ts';
import { readInput } from '../../io/input-file.ts';
import { announcedProfile } from './announced-profile.ts';
import { verdictRecord, verdictText } from './report.ts';
import { verdictOn } from './verdict.ts';

/** Adds `countersign client trust`. */
export function addClientTrustCommands(client: Command, commandLine: CommandLine): void {
  const trust = client.command('trust').description('look at the trust rules of a client');
  const test = trust
    .command('test')
    .description('say whether a JWT would let a client in, and by which rule or why not')
    .argument('<id>', 'client_id', parseClientId);
  addRequiredOption(
    test,
    new Option('--jwt <file>', 'the JWT of its platform; - is standard input'),
  )
    .addHelpText('after', testHelp)
    .action(registryAction(commandLine, testTrust));
}

async function testTrust(
  context: CommandContext,
  { jwt: path }: { readonly jwt: string },
  id: string,
): Promise<void> {
  const client = await findClient(context.registry, id);
  const { token_endpoint_auth_method: method } = client;
  if (!usesKind(method, 'rules')) {
    throw new CliError(`the client ${id} authenticates by ${method}, and has no trust rules`);
  }
  const jwt = await readJwt(context, path);
  const { profile, doubt } = await announcedProfile(context.deployment.issuer);
  const verdict = await verdictOn(jwt, client, tokenEndpointOf(context, profile), doubt);
  context.print({ json: verdictRecord(id, verdict), text: verdictText(verdict) });
  if (verdict.letIn.is !== true) throw new NegativeAnswer();
}

/** @throws CliError when there is no JWT in the file */
async function readJwt({ terminal }: CommandContext, path: string): Promise<string> {
  const jwt = (await readInput(terminal, path)).trim();
  try {
    decodeJwt(jwt);
    return jwt;
  } catch {
    throw new CliError(`${path === '-' ? 'standard input' : path} holds no signed JWT`, 2);
  }
}

/** Milliseconds for one document, as the token function has. */
const fetchTimeout = 1500;

/** What the token endpoint of a deployment decides by, where it is of importance for a platform's JWT. */
function tokenEndpointOf(
  { deployment, now }: CommandContext,
  profile: Profile,
): ClientAuthentication {
  const { issuer } = deployment;
  const fetch = guardedFetch({ mayBeLocal: isLoopback(new URL(issuer)) });
  return {
    issuer,
    audiences: [],
    profile,
    clientSecretMethod: 'any',
    assertionMaxLifetime: 0,
    publishedKeys: publishedKeySets({ fetch, fetchTimeout, now }),
    // A platform's JWT is no secret.
    importedSecrets: { match: async () => ({ matches: false }) },
    now,
  };
}

const testHelp = `
The decision is made by what the token endpoint decides by, under the profile that the metadata of the
deployment show. Where these cannot be had, it is not known whether a JWT that fits is let in. The keys of
an issuer are fetched if a rule has that issuer; the JWT is sent to nobody, and does not count as used.
Where the keys cannot be had from here, the signature is not checked, and it says so. A JWT is a credential
until it expires: it is read from a file, and printed nowhere but for the claims that rules speak of.
Exit codes: 0 let in, 1 not let in or not known, 2 wrong usage.

Examples:
  $ countersign client trust test release --jwt actions.jwt
  $ kubectl exec billing -- cat /var/run/secrets/tokens/countersign | \\
      countersign client trust test pod --jwt -`;
