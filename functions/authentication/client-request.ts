import { isIP } from 'node:net';
import type { HttpCall } from '../http/http-function.ts';
import type { Form } from './form.ts';
import type { PresentedCredentials } from './methods/presented-credentials.ts';

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

/**
 * Whom failures are counted for: an IPv4 address, or the first half of an IPv6 one, since whoever has one of
 * these addresses has all of its network (RFC 6177 §2). Requests without an address have one source together.
 */
function sourceOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? firstHalf(address);
}

/** The first four groups, each without leading zeros (RFC 5952 §4.1); `::` stands for as many as are missing. */
function firstHalf(address: string): string {
  const [front = '', back] = address.toLowerCase().split('::');
  const first = groups(front);
  const last = back === undefined ? [] : groups(back);
  const missing = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...missing, ...last].slice(0, 4).join(':');
}

const groups = (part: string): readonly string[] =>
  part === '' ? [] : part.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
