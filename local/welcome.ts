import { relative } from 'node:path';
import type { LocalStack } from './local-stack.ts';

/** Commands that each work by themselves when they are pasted into a shell. */
export interface Commands {
  readonly getToken: string;
  readonly callApi: string;
  readonly listClients: string;
}

/** The three commands to begin with; a state directory that was chosen has to be said again. */
export function commands(stack: LocalStack, isDirectoryChosen: boolean): Commands {
  const { client_id, client_secret } = stack.demoClient;
  const form = '-d grant_type=client_credentials';
  const getToken = `curl -s -u ${client_id}:${client_secret} ${form} ${stack.issuer}/token`;
  const accessToken = `$(${getToken} | node -p 'JSON.parse(fs.readFileSync(0)).access_token')`;
  const quoted = shellQuote(stack.directory);
  const directory = isDirectoryChosen ? `COUNTERSIGN_DIRECTORY=${quoted} ` : '';
  return {
    getToken,
    callApi: `curl -s -H "Authorization: Bearer ${accessToken}" ${stack.api}`,
    listClients: `${directory}npx countersign client list --local`,
  };
}

/** What is printed when the local stack is ready; `seconds` is how long that took. */
export function welcome(
  stack: LocalStack,
  { getToken, callApi, listClients }: Commands,
  seconds: number,
): string {
  return `
Ready in ${seconds.toFixed(1)} s.

  Issuer    ${stack.issuer}
  Demo API  ${stack.api}
  Log       ${relative('', stack.logFile)}

Get a token:
  ${getToken}

Call the demo API with one:
  ${callApi}

List the clients:
  ${listClients}

Ctrl-C stops it.
`;
}

const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
