import type { Breakage } from './doctor-deployment.ts';

export const jwksPath = '/.well-known/jwks.json';
export const metadataPath = '/.well-known/oauth-authorization-server';

/** Changes the JSON that one path answers with 200. */
export const json =
  (wanted: string, change: (document: never) => unknown): Breakage =>
  (answer, path) => {
    if (path !== wanted || answer.statusCode !== 200) return answer;
    return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as never)) };
  };

/** Sets members of the metadata of RFC 8414; undefined takes one away. */
export const metadata = (members: object) =>
  json(metadataPath, (document: object) => ({ ...document, ...members }));

type Keys = readonly Readonly<Record<string, unknown>>[];

/** Changes the keys of the JWK Set. */
export const keys = (change: (keys: Keys) => unknown) =>
  json(jwksPath, (set: { readonly keys: Keys }) => ({ keys: change(set.keys) }));

/** Sets members of every key of the JWK Set; undefined takes one away. */
export const everyKey = (members: object) =>
  keys((all) => all.map((key) => ({ ...key, ...members })));

/** Sets headers of the answers of some paths; undefined takes one away. */
export const headers =
  (
    wanted: string | readonly string[],
    change: Readonly<Record<string, string | undefined>>,
  ): Breakage =>
  (answer, path) => {
    if (![wanted].flat().includes(path)) return answer;
    const names = Object.keys(change).map((name) => name.toLowerCase());
    const kept = Object.entries(answer.headers).filter(
      ([name]) => !names.includes(name.toLowerCase()),
    );
    const set = Object.entries(change).filter(([, value]) => value !== undefined);
    return { ...answer, headers: Object.fromEntries([...kept, ...set]) as Record<string, string> };
  };

/** An unsecured JWT with no claim but its issuer. */
export const foreignToken = [{ alg: 'none' }, { iss: 'https://joe' }, '']
  .map((part) => part && Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

export function rsaKey(bytes: number) {
  const n = Buffer.alloc(bytes, 0xff).toString('base64url');
  return { kty: 'RSA', n, e: 'AQAB', kid: `of ${bytes} bytes`, alg: 'RS256', use: 'sig' };
}

/** RFC 7517 appendix A.1, under its thumbprint. */
export const ecKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  kid: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
  alg: 'ES256',
  use: 'sig',
};
