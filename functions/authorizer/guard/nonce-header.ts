import { membersOf } from '../../http/event-members.ts';

/**
 * Adds the nonce for the client's next DPoP proof to a response (RFC 9449 §8.2), which then must not be
 * cached by others. A response without a status code is a body, to which API Gateway adds the rest: it
 * stays as it is.
 */
export function withNonce(response: unknown, nonce: string | undefined): unknown {
  const members = membersOf(response);
  if (nonce === undefined || !('statusCode' in members)) return response;
  const headers = Object.entries(membersOf(members.headers));
  const isNamed = (wanted: string) => (header: readonly [string, unknown]) =>
    header[0].toLowerCase() === wanted;
  const others = headers.filter((header) => !isNamed('dpop-nonce')(header));
  const saysWhoCachesIt = headers.some(isNamed('cache-control'));
  return {
    ...members,
    headers: {
      ...Object.fromEntries(others),
      ...(!saysWhoCachesIt && { 'Cache-Control': 'no-store' }),
      'DPoP-Nonce': nonce,
    },
  };
}
