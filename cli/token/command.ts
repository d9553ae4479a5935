import { type Command, Option } from 'commander';
import { parseClientId } from '../../registry/rules.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import type { DeploymentChoice } from '../command/deployment.ts';
import { issuerValue } from '../command/option-values.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { date, pairs } from '../io/table.ts';
import type { Terminal } from '../io/terminal.ts';
import { visible, visibleJson } from '../io/visible.ts';
import {
  type AskedIssuer,
  addAuthenticationOptions,
  readAuthentication,
} from './authentication.ts';
import { addTokenBindingOptions, readBinding } from './binding.ts';
import { addTokenRevocation } from './revoke-command.ts';
import { requestAccessToken } from './token-request.ts';
import {
  type AccessTokenResponse,
  type DecodedAccessToken,
  decodeAccessToken,
} from './token-response.ts';

interface TokenOptions {
  readonly clientId: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly issuer?: URL;
}

/** Defines `countersign token`. */
export function defineToken(command: Command, commandLine: CommandLine): void {
  const { terminal } = commandLine;
  addRequiredOption(command, new Option('--client-id <id>', 'client_id').argParser(parseClientId));
  addAuthenticationOptions(command);
  addTokenBindingOptions(command);
  command
    .option('--scope <scope>', 'ask for this scope alone')
    .option('--resource <uri>', 'ask for a token for this resource server')
    .option('--issuer <url>', 'ask this issuer, without a look for a deployment', issuerValue)
    .addHelpText('after', tokenExamples)
    .action((options: TokenOptions) => showToken(terminal, options, command));
  addTokenRevocation(command, commandLine);
}

async function showToken(
  terminal: Terminal,
  options: TokenOptions,
  command: Command,
): Promise<void> {
  const asked = options.issuer
    ? { issuer: options.issuer }
    : await findIssuer(command.optsWithGlobals());
  const authentication = await readAuthentication(terminal, command, asked);
  const dpop = await readBinding(terminal, command.opts());
  const { clientId: client_id, scope, resource } = options;
  const request = { issuer: asked.issuer, client_id, authentication, dpop, scope, resource };
  const response = await requestAccessToken(request);
  const decoded = decodeAccessToken(response.access_token);
  const text = tokenText(response, decoded);
  printer(terminal, command)({ json: { ...response, ...decoded }, text });
}

async function findIssuer(choice: DeploymentChoice): Promise<AskedIssuer> {
  const { findDeployment } = await import('../command/deployment.ts');
  const { issuer, dynamodb, local } = await findDeployment(choice);
  dynamodb.destroy();
  return { issuer: issuerValue(issuer), authority: local?.tlsAuthority };
}

function tokenText(response: AccessTokenResponse, { header, claims }: DecodedAccessToken): string {
  const facts = pairs({
    token_type: String(response.token_type),
    expires_in: `${response.expires_in} s`,
    expires: claims.exp === undefined ? undefined : date(claims.exp),
    scope: String(response.scope ?? claims.scope ?? '') || '(no scope)',
  });
  const sections = { header, claims };
  const parts = [
    visible(response.access_token),
    facts,
    ...Object.entries(sections).map(([name, value]) => `${name} ${visibleJson(value)}`),
  ];
  return parts.join('\n\n');
}

const tokenExamples = `
Without --private-key, --assertion, --svid, --cert, --client-secret and COUNTERSIGN_CLIENT_SECRET the secret
is asked for, or read from standard input. --cert and --key beside another method only bind the token.
An RSA key signs with RS256 and an Ed25519 key with EdDSA, unless --alg says otherwise: give the one
that the client's jwks has. The JWT of a platform is read from a file because other users of this
computer can see arguments.

Examples:
  $ countersign token --client-id s6BhdRkqt3 --scope read
  $ countersign token --client-id s6BhdRkqt3 --issuer https://auth.example.com < secret.txt
  $ countersign token --client-id s6BhdRkqt3 --private-key key.pem
  $ countersign token --client-id deploy --assertion /var/run/secrets/tokens/countersign
  $ countersign token --client-id spiffe://example.org/billing --svid svid.jwt
  $ countersign token --client-id billing --cert billing.pem --key billing.key
  $ countersign token --client-id vault --private-key vault.pem --dpop dpop.pem`;
