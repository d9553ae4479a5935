import type { ClientAuth } from 'oauth4webapi';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import type { Terminal } from '../io/terminal.ts';
import type { ClientAuthentication } from './token-request.ts';

/**
 * Authenticates a client by a JWT that its platform signed (RFC 7521 §4.2), or by a JWT-SVID
 * (draft-ietf-oauth-spiffe-client-auth §3.1). It is read from a file:
 * other users of this computer can see arguments.
 * @param path of the file; - is standard input
 * @throws CliError when there is no signed JWT in it
 */
export async function authenticationByAssertion(
  terminal: Terminal,
  path: string,
  type: 'jwt-bearer' | 'jwt-spiffe',
): Promise<ClientAuthentication> {
  const client_assertion = (await readInput(terminal, path)).trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(client_assertion)) {
    throw new CliError(`${path === '-' ? 'standard input' : path} holds no signed JWT`, 2);
  }
  const authenticate: ClientAuth = (_, { client_id }, body) => {
    body.set('client_id', client_id);
    body.set('client_assertion_type', `urn:ietf:params:oauth:client-assertion-type:${type}`);
    body.set('client_assertion', client_assertion);
  };
  return { authenticate };
}
