import type { HttpCall } from '../http/http-function.ts';
import type { Form } from './form.ts';
import type { PresentedCredentials } from './methods/presented-credentials.ts';
import { sourceOf } from './source.ts';

/** What a request says of the client that sends it, whatever it asks for. */
export interface ClientRequest {
  readonly presented: PresentedCredentials;
  /** The value of the DPoP header (RFC 9449 §4.1). */
  readonly dpop: string | undefined;
  /** Whom failures and slow work are counted for. */
  readonly source: string;
}

/** Reads what a request shows of its client. */
export const parseClientRequest = (
  { headers, clientCertificate, sourceIp }: HttpCall,
  form: Form,
): ClientRequest => ({
  presented: {
    authorization: headers.get('authorization'),
    client_id: form.one('client_id'),
    client_secret: form.one('client_secret'),
    client_assertion: form.one('client_assertion'),
    client_assertion_type: form.one('client_assertion_type'),
    client_certificate: clientCertificate,
  },
  dpop: headers.get('dpop'),
  source: sourceOf(sourceIp),
});
