import { relative } from 'node:path';
import type { LocalStack } from './local-stack.ts';
import { demoClientSubject } from './tls/identities.ts';
import type { TlsFiles } from './tls/tls-files.ts';

/** Commands that each work by themselves when they are pasted into a shell. */
export interface Commands {
  readonly getToken: string;
  readonly callApi: string;
  readonly listClients: string;
}

/**
 * The three commands to begin with. The first is the client credentials request as RFC 6749 §4.4.2
 * has it, with the client's secret in the body (§2.3.1). A state directory that was chosen has to be
 * said again.
 */
export function commands(stack: LocalStack, isDirectoryChosen: boolean): Commands {
  const { client_id, client_secret } = stack.demoClient;
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  const fields = Object.entries(form).map(([name, value]) => `-d ${name}=${value}`);
  const trust = stack.issuer.startsWith('https:')
    ? [`--cacert ${shellQuote(relative('', stack.tls.authority))}`]
    : [];
  const request = [...trust, `${stack.issuer}/token`, ...fields].join(' ');
  const accessToken = `$(curl -s ${request} | node -p 'JSON.parse(fs.readFileSync(0)).access_token')`;
  const quoted = shellQuote(stack.directory);
  const directory = isDirectoryChosen ? `COUNTERSIGN_DIRECTORY=${quoted} ` : '';
  return {
    getToken: `curl ${request}`,
    callApi: `curl -s -H "Authorization: Bearer ${accessToken}" ${stack.api}`,
    listClients: `${directory}npx countersign client list --local`,
  };
}

/** How a local stack was started. */
interface Start {
  /** How long it took. */
  readonly seconds: number;
  /** Those of the command line. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What is printed when the local stack is ready. */
export function welcome(stack: LocalStack, shown: Commands, { seconds, settings }: Start): string {
  return `
Ready in ${seconds.toFixed(1)} s.

  Issuer      ${stack.issuer}
  Demo API    ${stack.api}
  HTTPS       ${stack.tlsUrl}
              ${stack.tlsApi}
  Mutual TLS  ${stack.mtlsTokenEndpoint}
              ${stack.mtlsApi}
  Log         ${relative('', stack.logFile)}

${tlsFiles(stack.tls)}
${settings.profile === 'fapi2' ? noSecrets : withSecret(shown)}
List the clients:
  ${shown.listClients}

Ctrl-C stops it.
`;
}

const withSecret = ({ getToken, callApi }: Commands): string =>
  `Get a token:
  ${getToken}

Call the demo API with one:
  ${callApi}
`;

const noSecrets = `The demo client gets no token: it has a secret, which the profile fapi2 does not take.
docs/fapi.md says what to register.
`;

const tlsFiles = ({ authority, demoClient, demoClientKey, truststore }: TlsFiles): string =>
  `For HTTPS there is a throw-away authority, which a client has to trust; for mutual TLS a certificate
of ${demoClientSubject} with its key, and the truststore, which takes others:
  ${[authority, demoClient, demoClientKey, truststore].map((file) => relative('', file)).join('\n  ')}
`;

const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
