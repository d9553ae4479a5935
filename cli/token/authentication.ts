import { type Command, Option } from 'commander';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost } from 'oauth4webapi';
import {
  type AssertionAlgorithm,
  assertionAlgorithms,
} from '../../functions/oauth/assertion-algorithms.ts';
import { CliError } from '../cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { readSecret } from '../io/prompt.ts';
import type { Terminal } from '../io/terminal.ts';
import type { TokenProof } from './access-token.ts';
import { proofByCertificate } from './certificate-authentication.ts';
import { proofByKey } from './key-authentication.ts';

/** How a client proves itself, as it is said on the command line. */
interface TokenProofOptions {
  readonly clientSecret?: string;
  readonly secretInBody?: boolean;
  readonly privateKey?: string;
  readonly alg?: AssertionAlgorithm;
  readonly kid?: string;
  readonly assertion?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** The options, each by its name and by what goes with it. */
const companions = {
  clientSecret: ['--client-secret', []],
  secretInBody: ['--secret-in-body', []],
  privateKey: ['--private-key', []],
  alg: ['--alg', ['privateKey']],
  kid: ['--kid', ['privateKey']],
  assertion: ['--assertion', []],
  cert: ['--cert', ['key']],
  key: ['--key', ['cert']],
  ca: ['--ca', ['cert']],
} as const satisfies Record<
  keyof TokenProofOptions,
  readonly [flag: string, needs: readonly (keyof TokenProofOptions)[]]
>;

/** Options that each begin another way to prove a client. A certificate is one where there is none of them. */
const waysIn = [['privateKey'], ['assertion'], ['clientSecret', 'secretInBody']] as const;

/** Adds the options by which a client proves itself. */
export function addTokenProofOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--client-secret <secret>',
        'its secret; other users of this computer can see it while the command runs',
      ).env('COUNTERSIGN_CLIENT_SECRET'),
    )
    .option('--secret-in-body', 'send the secret as a client_secret_post client does')
    .option('--private-key <file>', 'sign an assertion with this key, in PEM (private_key_jwt)')
    .addOption(new Option('--alg <alg>', 'sign with this algorithm').choices(assertionAlgorithms))
    .option('--kid <kid>', 'the key in the jwks of the client, if not its thumbprint')
    .option('--assertion <file>', 'the JWT of its platform; - is standard input (federated)')
    .option('--cert <file>', 'its certificate, in PEM: to prove itself by, or to bind the token')
    .option('--key <file>', 'the private key of the certificate, in PEM')
    .option('--ca <file>', 'the authority that the server is checked by; --local knows its own');
}

/**
 * Reads how a client proves itself; without any option, its secret is asked for.
 * @param localAuthority path of the authority of the local stack
 * @throws CliError when options do not go together, or what they name cannot be used
 */
export async function readProof(
  terminal: Terminal,
  command: Command,
  localAuthority: string | undefined,
): Promise<TokenProof> {
  const options: TokenProofOptions = command.opts();
  const ways = waysGiven(command);
  checkOneWay(ways);
  checkCompanions(options);
  const { cert, key, ca = localAuthority } = options;
  if (cert === undefined || key === undefined) return proofOfItsOwn(terminal, options);
  const shown = await proofByCertificate(terminal, { cert, key, ca });
  if (ways.length === 0) return shown;
  // RFC 8705 §3: then it is there to bind the token.
  return { ...(await proofOfItsOwn(terminal, options)), certificate: shown.certificate };
}

function proofOfItsOwn(terminal: Terminal, options: TokenProofOptions): Promise<TokenProof> {
  const { privateKey, assertion } = options;
  if (privateKey !== undefined) return proofByKey(terminal, { ...options, privateKey });
  if (assertion !== undefined) return proofByAssertion(terminal, assertion);
  return proofBySecret(terminal, options);
}

type OptionName = keyof TokenProofOptions;

/** A secret in the environment, which may be another client's, is in nobody's way. */
const waysGiven = (command: Command): readonly OptionName[] =>
  waysIn
    .map((names) => names.find((name) => command.getOptionValueSource(name) === 'cli'))
    .filter((name) => name !== undefined);

function checkOneWay(given: readonly OptionName[]): void {
  if (given.length < 2) return;
  const flags = given.map((name) => companions[name][0]).join(' or ');
  throw new CliError(`a client proves itself in one way: ${flags}`, 2);
}

function checkCompanions(options: TokenProofOptions): void {
  for (const [name, [flag, needs]] of Object.entries(companions)) {
    const missing = needs.find((needed) => options[needed] === undefined);
    if (missing !== undefined && options[name as keyof TokenProofOptions] !== undefined) {
      throw new CliError(`${flag} goes with ${companions[missing][0]}`, 2);
    }
  }
}

/** RFC 6749 §2.3.1 */
async function proofBySecret(terminal: Terminal, options: TokenProofOptions): Promise<TokenProof> {
  const secret = options.clientSecret || (await readSecret(terminal));
  return {
    authenticate: options.secretInBody ? ClientSecretPost(secret) : ClientSecretBasic(secret),
  };
}

/** A JWT that somebody else signed (RFC 7521 §4.2): read from a file, as arguments can be seen. */
async function proofByAssertion(terminal: Terminal, path: string): Promise<TokenProof> {
  const client_assertion = (await readInput(terminal, path)).trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(client_assertion)) {
    throw new CliError(`${path === '-' ? 'standard input' : path} holds no signed JWT`, 2);
  }
  const authenticate: ClientAuth = (_, { client_id }, body) => {
    body.set('client_id', client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', client_assertion);
  };
  return { authenticate };
}
