import type { Outgoing } from '../../io/http.ts';
import type { Credentials } from './subject.ts';

/** The origin that requests come from, so that an answer shows whom CORS lets in. */
export const strangeOrigin = 'https://countersign-doctor.example';

/** A token request with HTTP Basic credentials (RFC 6749 §2.3.1, §4.4.2). */
export function tokenRequest(
  url: URL,
  { client_id, client_secret, resource }: Credentials,
): Outgoing {
  const encoded = [client_id, client_secret].map(encodeURIComponent).join(':');
  const form = { grant_type: 'client_credentials', ...(resource && { resource }) };
  return {
    url,
    method: 'POST',
    headers: [
      ['Authorization', `Basic ${Buffer.from(encoded).toString('base64')}`],
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Origin', strangeOrigin],
    ],
    body: new URLSearchParams(form).toString(),
  };
}
