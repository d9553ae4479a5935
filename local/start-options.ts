import { parseArgs } from 'node:util';
import { isLoopback } from '../functions/oauth/secure-url.ts';
import { ConfigurationError } from '../infra/settings/configuration-error.ts';
import { checkIssuer } from '../infra/settings/setting-checks.ts';
import { StartError } from './io/start-error.ts';
import type { LocalStackOptions } from './local-stack.ts';

type Ports = Pick<LocalStackOptions, (typeof ports)[keyof typeof ports]['option']>;

/** The options of `npm start`, from its command line and the environment. */
export interface StartOptions extends Ports {
  readonly fresh: boolean;
  readonly help: boolean;
  readonly verbose: boolean;
  readonly issuer: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** What `npm start -- --help` prints. */
export const help = `Usage: npm start [-- OPTION...]

Runs the authorization server and a demo API on this computer, without an AWS account.

Options:
  --issuer URL                 the issuer, such as https://localhost:3443: the origin of one of its
                               ports, or of a name or a proxy that leads there
  -c, --context NAME=VALUE     a setting of docs/settings.md, as cdk -c takes it; once for each
  --fresh                      forget clients, keys and everything else of earlier starts
  --verbose                    show what the functions log, which otherwise goes to a file
  -h, --help                   show this

Environment:
  PORT                   of the issuer (default 3000)
  API_PORT               of the demo API (default 3001)
  TLS_PORT               of the issuer for HTTPS (default 3443)
  API_TLS_PORT           of the demo API for HTTPS (default 3444)
  MTLS_PORT              of the issuer for clients with a certificate (default 3445)
  API_MTLS_PORT          of the demo API for clients with a certificate (default 3446)
  COUNTERSIGN_DIRECTORY  where the state is kept (default .countersign in the checkout)
`;

const options = {
  issuer: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
  fresh: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean' },
} as const;

/** Variable of the environment -> the option that it is, and its default. */
const ports = {
  PORT: { option: 'port', otherwise: 3000 },
  API_PORT: { option: 'apiPort', otherwise: 3001 },
  TLS_PORT: { option: 'tlsPort', otherwise: 3443 },
  API_TLS_PORT: { option: 'apiTlsPort', otherwise: 3444 },
  MTLS_PORT: { option: 'mtlsPort', otherwise: 3445 },
  API_MTLS_PORT: { option: 'apiMtlsPort', otherwise: 3446 },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line and the environment.
 * @throws StartError with exit code 2
 */
export function parseStartOptions(args: readonly string[], environment: Environment): StartOptions {
  const { values, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) checkToken(token);
  const { issuer, context = [] } = values;
  const chosen = parsePorts(environment);
  return {
    fresh: values.fresh === true,
    help: values.help === true,
    verbose: values.verbose === true,
    issuer: issuer === undefined ? undefined : parseIssuer(String(issuer), chosen),
    settings: Object.fromEntries([context].flat().map((setting) => parseSetting(String(setting)))),
    ...chosen,
  };
}

/** A word of the command line, as parseArgs has read it. */
type Token =
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: 'option-terminator' }
  | {
      readonly kind: 'option';
      readonly name: string;
      readonly rawName: string;
      readonly value?: string | undefined;
    };

function checkToken(token: Token): void {
  if (token.kind === 'option-terminator') throw unknown('--');
  if (token.kind === 'positional') throw unknown(token.value);
  const { name, rawName, value } = token;
  const type = Object.hasOwn(options, name) ? options[name as keyof typeof options].type : 'none';
  if (type === 'string' && !value) throw wrong(`${rawName} needs a value`);
  if (type === 'none' || (type === 'boolean' && value !== undefined)) {
    throw unknown(value === undefined ? rawName : `${rawName}=${value}`);
  }
}

const wrong = (sentence: string, cause?: unknown) => new StartError(sentence, 2, { cause });

const unknown = (typed: string) =>
  wrong(`npm start does not know ${typed}; npm start -- --help shows what it knows`);

function parseIssuer(text: string, chosen: Ports): string {
  try {
    const issuer = checkIssuer(text, '--issuer');
    checkLeadsToIssuer(issuer, chosen);
    return issuer;
  } catch (error) {
    throw error instanceof ConfigurationError ? wrong(error.message, error) : error;
  }
}

/** A port of this computer that is none of the stack's may be a proxy's. */
function checkLeadsToIssuer(issuer: string, chosen: Ports): void {
  const url = new URL(issuer);
  const { port, tlsPort, mtlsPort } = chosen;
  const right = url.protocol === 'http:' ? [port] : [tlsPort, mtlsPort];
  const wanted = Number(url.port);
  const isElsewhere = Object.values(chosen).includes(wanted) && !right.includes(wanted);
  if (!isLoopback(url) || !isElsewhere) return;
  throw wrong(
    `--issuer is ${issuer}, which leads to something else: the issuer has http at port ${port} and https at ${tlsPort} and ${mtlsPort}`,
  );
}

/** The settings that it has itself, or has no use for. */
const ownSettings = [
  'replacesIssuer',
  'stackName',
  'region',
  'account',
  'mtlsOrigin',
  'issuerCertificateArn',
  'mtlsCertificateArn',
  'mtlsTruststore',
  'demoApiUrl',
];

/** Whether there is such a setting, and with such a value, is for the synthesis to say. */
function parseSetting(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw wrong(`-c is ${JSON.stringify(text)}, and must be a setting: NAME=VALUE`);
  }
  if (name === 'issuer') throw wrong('the issuer of the local stack is chosen by --issuer URL');
  if (ownSettings.includes(name)) throw wrong(`the local stack sets ${name} itself: leave it out`);
  return [name, value];
}

function parsePorts(environment: Environment): Ports {
  const entries = Object.entries(ports);
  const chosen = entries.map(([name, { otherwise }]) => ({
    name,
    port: parsePort(environment, name, otherwise),
  }));
  for (const { name, port } of chosen) {
    const first = chosen.find((other) => other.port === port)?.name;
    if (first !== name) throw wrong(`${first} and ${name} are both ${port}, and must differ`);
  }
  // The cast: there is one for each option.
  return Object.fromEntries(
    entries.map(([, { option }], index) => [option, chosen[index]?.port]),
  ) as unknown as Ports;
}

function parsePort(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name] || String(otherwise);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw wrong(`${name} is ${JSON.stringify(text)}, and must be a port: 1 to 65535`);
}
