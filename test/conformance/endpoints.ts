import { exchange } from '../../cli/exchange.ts';
import { jsonObject } from '../../cli/json-answer.ts';

/** The endpoints that cases use. */
export type EndpointName = 'token_endpoint' | 'jwks_uri';

/** Where a deployment says that its endpoints are, or why it cannot be told. */
export type Endpoints = (name: EndpointName) => URL | string;

/**
 * Reads an issuer's metadata (RFC 8414 §3), once for all cases.
 * @param limit milliseconds
 */
export async function findEndpoints(issuer: string, limit: number): Promise<Endpoints> {
  const url = new URL(issuer);
  url.pathname = `/.well-known/oauth-authorization-server${url.pathname.replace(/\/$/, '')}`;
  try {
    const metadata = jsonObject(await exchange({ url }, limit));
    return (name) => {
      const endpoint = URL.parse(String(metadata[name]));
      if (endpoint && /^https?:$/.test(endpoint.protocol)) return endpoint;
      return `the ${name} of its metadata is no URL`;
    };
  } catch (error) {
    return () => `its metadata cannot be had: ${(error as Error).message}`;
  }
}
