import { calculateJwkThumbprint, compactVerify, createLocalJWKSet, type JWK } from 'jose';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import { check, checkSame, type Deployment } from '../conformance-case.ts';
import type { ObtainedToken } from './obtained-token.ts';

/**
 * Reads the published keys (RFC 7517 §5).
 * @throws Nonconformity when there are none
 */
export async function fetchKeys(deployment: Deployment): Promise<readonly JWK[]> {
  const answer = await deployment.send({ url: deployment.endpoint('jwks_uri') });
  checkSame('the status of the JWK Set', answer.status, 200);
  const { keys } = jsonObject(answer);
  check(Array.isArray(keys), 'keys of the JWK Set is no array');
  check(keys.length > 0, 'the JWK Set has no key');
  check(keys.every(isJwk), 'a member of keys has no kty');
  return keys;
}

/**
 * The published key that a token names (RFC 7515 §4.1.4).
 * @throws Nonconformity unless it is exactly one
 */
export function keyOf({ header }: Pick<ObtainedToken, 'header'>, keys: readonly JWK[]): JWK {
  check(typeof header.kid === 'string', 'the header of the token has no kid');
  const [key, ...others] = keys.filter(({ kid }) => kid === header.kid);
  check(key !== undefined, 'the JWK Set has no key with the kid of the token');
  check(others.length === 0, 'the JWK Set has several keys with the kid of the token');
  return key;
}

/**
 * Verifies the signature of a JWT with the published keys (RFC 7515 §5.2).
 * @throws Nonconformity
 */
export async function checkSignature(
  what: string,
  jwt: string,
  keys: readonly JWK[],
): Promise<void> {
  const trouble = await compactVerify(jwt, createLocalJWKSet({ keys: [...keys] })).then(
    () => undefined,
    ({ message }) => message,
  );
  check(
    trouble === undefined,
    `the signature of ${what} does not verify with a published key: ${trouble}`,
  );
}

/**
 * The SHA-256 thumbprint of a key (RFC 7638 §3).
 * @throws Nonconformity when the key lacks a member that belongs into it
 */
export async function thumbprintOf(key: JWK): Promise<string> {
  const thumbprint = await calculateJwkThumbprint(key).catch(() => undefined);
  check(thumbprint !== undefined, `a key of kty ${key.kty} lacks required members`);
  return thumbprint;
}

const isJwk = (value: unknown): value is JWK =>
  typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
