import { sendHttp } from '../../cli/io/http.ts';
import { type JsonObject, jsonObject } from '../../cli/io/json-answer.ts';
import { listed } from './protocol/metadata.ts';

/** The endpoints that cases use. */
export type EndpointName =
  | 'token_endpoint'
  | 'jwks_uri'
  | 'revocation_endpoint'
  | 'introspection_endpoint'
  | 'revocation_list_uri';

/** Where a deployment says that its endpoints are, or why it cannot be told. */
export type Endpoints = (name: EndpointName) => URL | string;

/** What all cases need to know of a deployment's metadata. */
export interface Announced {
  readonly endpoints: Endpoints;
  /** Whether it announces how clients authenticate, and no secret is among it. */
  readonly takesNoSecret: boolean;
}

/**
 * Reads an issuer's metadata (RFC 8414 §3), once for all cases.
 * @param limit milliseconds
 */
export async function readAnnounced(issuer: string, limit: number): Promise<Announced> {
  const url = new URL(issuer);
  url.pathname = `/.well-known/oauth-authorization-server${url.pathname.replace(/\/$/, '')}`;
  try {
    const metadata = jsonObject(await sendHttp({ url }, limit));
    const methods = listed(metadata, 'token_endpoint_auth_methods_supported');
    const takesNoSecret =
      methods.length > 0 && !methods.some((name) => /^client_secret/.test(name));
    return { endpoints: endpointsIn(metadata), takesNoSecret };
  } catch (error) {
    const why = `its metadata cannot be had: ${(error as Error).message}`;
    return { endpoints: () => why, takesNoSecret: false };
  }
}

function endpointsIn(metadata: JsonObject): Endpoints {
  return (name) => {
    const endpoint = URL.parse(String(metadata[name]));
    if (endpoint && /^https?:$/.test(endpoint.protocol)) return endpoint;
    return `the ${name} of its metadata is no URL`;
  };
}
