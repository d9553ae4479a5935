import * as oauth from 'oauth4webapi';
import { expect } from 'vitest';
import type { HttpResponse } from '../../functions/http/response.ts';
import { apiUrl } from '../support/bound-api.ts';

/** What an end answered. */
export interface Seen {
  readonly status: number;
  /** Undefined: it took the proof. */
  readonly error: string | undefined;
  readonly description: string | undefined;
  /** The DPoP-Nonce header. */
  readonly nonce: string | undefined;
}

/** What a client that others wrote reads out of the response of an API. */
export async function seenBy({ statusCode, headers = {} }: HttpResponse): Promise<Seen> {
  const response = new Response(null, { status: statusCode, headers });
  const nonce = response.headers.get('dpop-nonce') ?? undefined;
  const called = await oauth
    .protectedResourceRequest('a', 'GET', new URL(apiUrl), undefined, null, {
      [oauth.customFetch]: async () => response,
    })
    .catch((error: unknown) => error);
  if (!(called instanceof oauth.WWWAuthenticateChallengeError)) {
    return { status: statusCode, error: undefined, description: undefined, nonce };
  }
  const [challenge, ...others] = called.cause;
  expect(others).toEqual([]);
  const { error, error_description: description, algs } = challenge?.parameters ?? {};
  expect({ scheme: challenge?.scheme, algs }).toEqual({ scheme: 'dpop', algs: 'ES256 RS256' });
  return { status: statusCode, error, description, nonce };
}
