import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { localKey } from './local-key.ts';
import { withBody } from './with-body.ts';
import type { TokenWork } from './work.ts';

const json = { 'Content-Type': 'application/json;charset=UTF-8', 'Cache-Control': 'no-store' };

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (text: string) => hash('sha256', text, 'buffer');

/** What the work costs at least: written for it alone, with nothing checked that it can do without. */
export async function floor(work: TokenWork): Promise<RequestListener> {
  const { client_id, client_secret, scope, accessTokenLifetime: expires_in } = work;
  const expected = sha256(client_secret);
  const sign = signer(work);
  return withBody(async ({ headers }, body) => {
    const form = new URLSearchParams(body.toString());
    const [, credentials = ''] = headers.authorization?.split(' ') ?? [];
    const [id, secret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
    if (id !== client_id || !timingSafeEqual(sha256(decodeURIComponent(secret)), expected)) {
      return { statusCode: 401, headers: json, body: '{"error":"invalid_client"}' };
    }
    if (form.get('grant_type') !== 'client_credentials' || form.get('scope') !== scope) {
      return { statusCode: 400, headers: json, body: '{"error":"invalid_scope"}' };
    }
    const access_token = await sign(claims(work));
    const answer = { access_token, token_type: 'Bearer', expires_in, scope };
    return { statusCode: 200, headers: json, body: JSON.stringify(answer) };
  });
}

function claims({ issuer, client_id, resource, scope, accessTokenLifetime }: TokenWork) {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: client_id,
    client_id,
    aud: resource,
    scope,
    iat,
    nbf: iat,
    exp: iat + accessTokenLifetime,
    jti: randomUUID(),
  };
}

function signer(work: TokenWork): (claims: object) => Promise<string> {
  const { alg, kid } = work;
  const sign = localKey(work);
  const header = base64url({ typ: 'at+jwt', alg, kid });
  const finish = alg === 'ES256' ? fixedLength : (signature: Buffer) => signature;
  return async (claims) => {
    const input = `${header}.${base64url(claims)}`;
    return `${input}.${finish(await sign(Buffer.from(input))).toString('base64url')}`;
  };
}

/** r and s of a P-256 signature side by side (RFC 7518 §3.4); node:crypto has made the DER. */
function fixedLength(der: Buffer): Buffer {
  const endOfR = 4 + der.readUInt8(3);
  const both = Buffer.alloc(64);
  for (const [start, end, to] of [
    [4, endOfR, 32],
    [endOfR + 2, der.length, 64],
  ] as const) {
    const digits = der.subarray(Math.max(start, end - 32), end);
    digits.copy(both, to - digits.length);
  }
  return both;
}
