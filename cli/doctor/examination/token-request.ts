import type { Outgoing } from '../../io/http.ts';
import type { SecretMethod } from './metadata.ts';
import type { Credentials } from './subject.ts';

/** The origin that requests come from, so that an answer shows whom CORS lets in. */
export const strangeOrigin = 'https://countersign-doctor.example';

/** A token request with a client's secret, by HTTP Basic or in the body (RFC 6749 §2.3.1, §4.4.2). */
export function tokenRequest(
  url: URL,
  { client_id, client_secret, resource }: Credentials,
  method: SecretMethod = 'client_secret_basic',
): Outgoing {
  const form = { grant_type: 'client_credentials', ...(resource && { resource }) };
  return authenticated(url, { client_id, client_secret }, { method, form });
}

/** A revocation request, authenticated in the same way (RFC 7009 §2.1). */
export const revocationRequest = (
  url: URL,
  client: Credentials,
  { method, token }: { readonly method: SecretMethod; readonly token: string },
): Outgoing => authenticated(url, client, { method, form: { token } });

function authenticated(
  url: URL,
  { client_id, client_secret }: Credentials,
  {
    method,
    form,
  }: { readonly method: SecretMethod; readonly form: Readonly<Record<string, string>> },
): Outgoing {
  const isBasic = method === 'client_secret_basic';
  const body = { ...form, ...(!isBasic && { client_id, client_secret }) };
  return {
    url,
    method: 'POST',
    headers: [
      ...(isBasic ? [['Authorization', basic(client_id, client_secret)] as const] : []),
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Origin', strangeOrigin],
    ],
    body: new URLSearchParams(body).toString(),
  };
}

function basic(...pair: readonly [client_id: string, client_secret: string]): string {
  const encoded = pair.map(encodeURIComponent).join(':');
  return `Basic ${Buffer.from(encoded).toString('base64')}`;
}
