import type { AuthorizationServer, CustomFetchOptions } from 'oauth4webapi';
import { CliError } from '../io/cli-error.ts';
import { sendHttp, type TlsIdentity } from '../io/http.ts';

/**
 * Where the token endpoint takes client certificates (RFC 8705 §5).
 * @throws CliError when the metadata names no such place
 */
export function mutualTlsEndpoint(issuer: URL, metadata: AuthorizationServer): string {
  const endpoint = metadata.mtls_endpoint_aliases?.token_endpoint;
  if (endpoint !== undefined) return endpoint;
  throw new CliError(
    `${issuer.href} has no token endpoint for mutual TLS (mtls_endpoint_aliases): the deployment is not set up for it`,
  );
}

/**
 * A fetch for oauth4webapi that shows a certificate, which Node's own cannot. No redirect is followed.
 * @throws NoAnswer when there is no connection, or no answer on it
 */
export const fetchAs =
  (tls: TlsIdentity) =>
  async (
    href: string,
    { method, headers, body }: CustomFetchOptions<'POST', URLSearchParams>,
  ): Promise<Response> => {
    const url = new URL(href);
    const sent = { url, method, headers: Object.entries(headers), body: body.toString(), tls };
    const answer = await sendHttp(sent);
    const names = answer.headers.map(([name, value]): [string, string] => [name, value]);
    return new Response(answer.body, { status: answer.status, headers: names });
  };
