import { parseArgs } from 'node:util';
import { StartError } from './io/start-error.ts';

/** The options of `npm start`, from its command line and the environment. */
export interface StartOptions {
  readonly fresh: boolean;
  readonly help: boolean;
  readonly verbose: boolean;
  readonly port: number;
  readonly apiPort: number;
  readonly tlsPort: number;
  readonly apiTlsPort: number;
}

/** What `npm start -- --help` prints. */
export const help = `Usage: npm start [-- OPTION...]

Runs the authorization server and a demo API on this computer, without an AWS account.

Options:
  --fresh      forget clients, keys and everything else of earlier starts
  --verbose    show what the functions log, which otherwise goes to a file
  --help       show this

Environment:
  PORT                   of the issuer (default 3000)
  API_PORT               of the demo API (default 3001)
  TLS_PORT               of the issuer for clients with a certificate (default 3443)
  API_TLS_PORT           of the demo API for clients with a certificate (default 3444)
  COUNTERSIGN_DIRECTORY  where the state is kept (default .countersign in the checkout)
`;

const options = {
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line and the environment.
 * @throws StartError with exit code 2
 */
export function parseStartOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const typed = parseOptions(args);
  const ports = {
    PORT: parsePort(environment, 'PORT', 3000),
    API_PORT: parsePort(environment, 'API_PORT', 3001),
    TLS_PORT: parsePort(environment, 'TLS_PORT', 3443),
    API_TLS_PORT: parsePort(environment, 'API_TLS_PORT', 3444),
  };
  checkDistinct(ports);
  const { PORT: port, API_PORT: apiPort, TLS_PORT: tlsPort, API_TLS_PORT: apiTlsPort } = ports;
  return { ...typed, port, apiPort, tlsPort, apiTlsPort };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const typed = args.find((arg) => !isOption(arg)) ?? '';
    const sentence = `npm start does not know ${typed}; npm start -- --help shows what it knows`;
    throw new StartError(sentence, 2, { cause });
  }
}

const isOption = (arg: string): boolean =>
  arg === '-h' || (arg.startsWith('--') && Object.hasOwn(options, arg.slice(2)));

function parsePort(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
): number {
  const text = environment[name] || String(otherwise);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new StartError(`${name} is ${JSON.stringify(text)}, and must be a port: 1 to 65535`, 2);
}

function checkDistinct(ports: Readonly<Record<string, number>>): void {
  for (const [name, port] of Object.entries(ports)) {
    const [first = name] = Object.keys(ports).filter((other) => ports[other] === port);
    if (first === name) continue;
    throw new StartError(`${first} and ${name} are both ${port}, and must differ`, 2);
  }
}
