import { createHmac, randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey, exportSPKI, importJWK } from 'jose';
import { statusListPath } from '../../../functions/oauth/status-list.ts';
import { basic } from '../../support/http-api-event.ts';
import { testKey } from '../../support/test-key.ts';
import { aSecret, client_secret } from '../../support/token-endpoint.ts';
import type { Deployment } from './deployment.ts';

/** A token that verifiers are shown. */
export interface TokenCase {
  /** What is wrong with it; undefined: nothing. */
  readonly wrong: string | undefined;
  readonly token: string;
}

/** What differs from a right token; a member that is `undefined` is left out. */
interface Change {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

type Sign = (input: string) => Promise<string>;

const hour = 3600;

/** What verifiers have to refuse although the right key has signed it. */
const changes: Readonly<
  Record<string, (right: { iss: string; aud: string; now: number }) => Change>
> = {
  'another aud': () => ({ claims: { aud: 'https://other.example.com' } }),
  'aud with a slash more': ({ aud }) => ({ claims: { aud: `${aud}/` } }),
  'no aud': () => ({ claims: { aud: undefined } }),
  'another iss': () => ({ claims: { iss: 'https://other.example.com' } }),
  'iss with a slash more': ({ iss }) => ({ claims: { iss: `${iss}/` } }),
  'no iss': () => ({ claims: { iss: undefined } }),
  expired: ({ now }) => ({ claims: { iat: now - 2 * hour, nbf: now - 2 * hour, exp: now - hour } }),
  'no exp': () => ({ claims: { exp: undefined } }),
  'the typ of any JWT': () => ({ header: { typ: 'JWT' } }),
  'no typ': () => ({ header: { typ: undefined } }),
  'another scope': () => ({ claims: { scope: 'write' } }),
  'a scope that begins alike': () => ({ claims: { scope: 'reader read-all' } }),
  'no scope': () => ({ claims: { scope: undefined } }),
  'bound to a DPoP key': () => ({
    claims: { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } },
  }),
  'bound to a certificate': () => ({
    claims: { cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } },
  }),
};

/** The titles of all wrong tokens. */
export const wrongTokens: readonly string[] = [
  ...Object.keys(changes),
  'signed by another key',
  'a signature with one bit changed',
  'alg none',
  'alg HS256 with the public key as the secret',
];

/** A token that the deployment has issued, and tokens that are wrong in one way each. */
export async function tokenCases(deployment: Deployment): Promise<readonly TokenCase[]> {
  const right = await issuedToken(deployment);
  const { issuer, audience, algorithm: alg, signingKey } = deployment;
  const { kid } = signingKey;
  const now = Math.floor(Date.now() / 1000);
  const token = (change: Change, sign: Sign) => {
    const header = { typ: 'at+jwt', alg, kid, ...change.header };
    return signed(header, { ...claims(deployment, now), ...change.claims }, sign);
  };
  const byDeployment: Sign = async (input) =>
    Buffer.from(await signingKey.sign(Buffer.from(input))).toString('base64url');
  const forged = Object.entries(changes).map(async ([wrong, change]) => ({
    wrong,
    token: await token(change({ iss: issuer, aud: audience, now }), byDeployment),
  }));
  const publicKey = await publicKeyOf(deployment);
  const [another, bit, none, hmac] = wrongTokens.slice(-4);
  return [
    { wrong: undefined, token: right },
    ...(await Promise.all(forged)),
    { wrong: another, token: await signedByAnother(alg, kid, claims(deployment, now)) },
    { wrong: bit, token: oneBitChanged(right) },
    { wrong: none, token: await token({ header: { alg: 'none' } }, async () => '') },
    { wrong: hmac, token: await token({ header: { alg: 'HS256' } }, withSecret(publicKey)) },
  ];
}

const claims = ({ issuer, audience }: Deployment, now: number) => ({
  iss: issuer,
  sub: 'interop',
  client_id: 'interop',
  aud: audience,
  scope: 'read',
  iat: now,
  nbf: now,
  exp: now + hour,
  jti: randomUUID(),
  status: { status_list: { idx: 0, uri: `${issuer}${statusListPath(0)}` } },
});

async function signed(header: object, payload: object, sign: Sign): Promise<string> {
  const input = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${await sign(input)}`;
}

async function signedByAnother(alg: string, kid: string, payload: object): Promise<string> {
  const { privateKey } = await testKey(alg);
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ typ: 'at+jwt', alg, kid })
    .sign(privateKey);
}

/** The last character is left alone: not all of its bits count. */
function oneBitChanged(token: string): string {
  const at = token.length - 9;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

const withSecret =
  (secret: string): Sign =>
  async (input) =>
    createHmac('sha256', secret).update(input).digest('base64url');

async function publicKeyOf({ stack, signingKey }: Deployment): Promise<string> {
  const response = await fetch(`${stack.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string; alg: string }[] };
  const jwk = keys.find(({ kid }) => kid === signingKey.kid);
  return exportSPKI((await importJWK(jwk as object, jwk?.alg, { extractable: true })) as CryptoKey);
}

/** Registers a client, and gets a token as it. */
export async function issuedToken(
  { stack, registry, audience }: Deployment,
  client_id = 'interop',
): Promise<string> {
  const grants = new Map([[audience, new Set(['read'])]]);
  await registry.client({ client_id, grants, secrets: [aSecret(client_secret)] });
  const response = await fetch(`${stack.url}/token`, {
    method: 'POST',
    headers: { authorization: basic(client_id, client_secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (!access_token) throw new Error('the deployment issues no token');
  return access_token;
}
