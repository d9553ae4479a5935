import { type Command, Option } from 'commander';
import { ClientSecretBasic, ClientSecretPost } from 'oauth4webapi';
import {
  type AssertionAlgorithm,
  assertionAlgorithms,
} from '../../functions/oauth/assertion-algorithms.ts';
import { clientSecretOption } from '../command/client-secret-option.ts';
import { CliError } from '../io/cli-error.ts';
import { readSecret } from '../io/prompt.ts';
import type { Terminal } from '../io/terminal.ts';
import { authenticationByAssertion } from './assertion-authentication.ts';
import { authenticationByCertificate } from './certificate-authentication.ts';
import { authenticationByKey } from './key-authentication.ts';
import type { ClientAuthentication } from './token-request.ts';

/** What the command line says of how a client authenticates. */
interface AuthenticationOptions {
  readonly clientSecret?: string;
  readonly secretInBody?: boolean;
  readonly privateKey?: string;
  readonly alg?: AssertionAlgorithm;
  readonly kid?: string;
  readonly assertion?: string;
  readonly svid?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Whom the client asks for a token. */
export interface AskedIssuer {
  readonly issuer: URL;
  /** Path of the authority of its certificate, where that is not a public one. */
  readonly authority?: string | undefined;
}

/** Each option: its flag, and the options that it does nothing without. */
const companions = {
  clientSecret: ['--client-secret', []],
  secretInBody: ['--secret-in-body', []],
  privateKey: ['--private-key', []],
  alg: ['--alg', ['privateKey']],
  kid: ['--kid', ['privateKey']],
  assertion: ['--assertion', []],
  svid: ['--svid', []],
  cert: ['--cert', ['key']],
  key: ['--key', ['cert']],
  ca: ['--ca', ['cert']],
} as const satisfies Record<
  keyof AuthenticationOptions,
  readonly [flag: string, needs: readonly (keyof AuthenticationOptions)[]]
>;

/** The options of each method. Without any of them, the certificate of --cert is the method. */
const methods = [
  ['privateKey'],
  ['assertion'],
  ['svid'],
  ['clientSecret', 'secretInBody'],
] as const;

/** Adds the options by which a client authenticates. */
export function addAuthenticationOptions(command: Command): void {
  command
    .addOption(clientSecretOption())
    .option(
      '--secret-in-body',
      'send the secret in the body in place of Basic (client_secret_post)',
    )
    .option('--private-key <file>', 'sign an assertion with this key, in PEM (private_key_jwt)')
    .addOption(new Option('--alg <alg>', 'sign with this algorithm').choices(assertionAlgorithms))
    .option('--kid <kid>', 'the key in the jwks of the client, if not its thumbprint')
    .option('--assertion <file>', 'the JWT of its platform; - is standard input (federated)')
    .option('--svid <file>', 'its JWT-SVID; - is standard input (spiffe_jwt)')
    .option('--cert <file>', 'its certificate, in PEM: to authenticate by, or to bind the token')
    .option('--key <file>', 'the private key of the certificate, in PEM')
    .option('--ca <file>', 'the authority that the server is checked by; --local knows its own');
}

/**
 * Reads how a client authenticates; without any option, its secret is asked for.
 * @throws CliError when options do not go together, or what they name cannot be used
 */
export async function readAuthentication(
  terminal: Terminal,
  command: Command,
  asked: AskedIssuer,
): Promise<ClientAuthentication> {
  const options: AuthenticationOptions = command.opts();
  const given = methodsGiven(command);
  checkOneMethod(given);
  checkCompanions(options);
  const { cert, key, ca = asked.authority } = options;
  if (cert === undefined || key === undefined) return otherAuthentication(terminal, options, asked);
  const shown = await authenticationByCertificate(terminal, { cert, key, ca });
  if (given.length === 0) return shown;
  // Beside another method, a certificate only binds the token (RFC 8705 §3).
  return {
    ...(await otherAuthentication(terminal, options, asked)),
    certificate: shown.certificate,
  };
}

/** By whatever method but a certificate. */
function otherAuthentication(
  terminal: Terminal,
  options: AuthenticationOptions,
  asked: AskedIssuer,
): Promise<ClientAuthentication> {
  const { privateKey, assertion, svid } = options;
  if (privateKey !== undefined) return authenticationByKey(terminal, { ...options, privateKey });
  if (assertion !== undefined) return authenticationByAssertion(terminal, assertion, 'jwt-bearer');
  if (svid !== undefined) return authenticationByAssertion(terminal, svid, 'jwt-spiffe');
  return authenticationBySecret(terminal, options, asked);
}

type OptionName = keyof AuthenticationOptions;

/** Only what the command line says counts: a secret in the environment may be another client's. */
const methodsGiven = (command: Command): readonly OptionName[] =>
  methods
    .map((names) => names.find((name) => command.getOptionValueSource(name) === 'cli'))
    .filter((name) => name !== undefined);

function checkOneMethod(given: readonly OptionName[]): void {
  if (given.length < 2) return;
  const flags = given.map((name) => companions[name][0]).join(' or ');
  throw new CliError(`a client authenticates in one way: ${flags}`, 2);
}

function checkCompanions(options: AuthenticationOptions): void {
  for (const [name, [flag, needs]] of Object.entries(companions)) {
    const missing = needs.find((needed) => options[needed] === undefined);
    if (missing !== undefined && options[name as keyof AuthenticationOptions] !== undefined) {
      throw new CliError(`${flag} goes with ${companions[missing][0]}`, 2);
    }
  }
}

/** By its secret (RFC 6749 §2.3.1). */
async function authenticationBySecret(
  terminal: Terminal,
  options: AuthenticationOptions,
  { issuer }: AskedIssuer,
): Promise<ClientAuthentication> {
  const secret = options.clientSecret || (await readSecret(terminal, issuer.href));
  return {
    authenticate: options.secretInBody ? ClientSecretPost(secret) : ClientSecretBasic(secret),
  };
}
