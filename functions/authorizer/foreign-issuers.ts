import { invalidToken } from '../oauth/oauth-error.ts';
import { openidMetadataUrl } from '../remote/issuer-documents.ts';
import { isAsymmetric } from './algorithms.ts';
import type { Claims } from './claims.ts';
import { type IssuerKeys, issuerKeys, type Source } from './issuer-keys.ts';
import { accessTokenTyp } from './signed-token.ts';

/** The `typ` of a JWT's header that an issuer writes; `none`: it writes no such member. */
export type TokenType = 'at+jwt' | 'JWT' | 'none';

/**
 * Another issuer whose tokens get in, too, while its clients move: what its tokens are like. At least one of
 * `audience` and `scope_prefix` says for whom they are.
 */
export interface ForeignIssuer {
  /** Its identifier: the `iss` of its tokens, to the byte. */
  readonly issuer: string;
  readonly algorithms: readonly string[];
  readonly types: readonly TokenType[];
  /** What `aud` contains of a token for this API; absent: its tokens have none, or this API's own identifier. */
  readonly audience?: string | undefined;
  /**
   * What a scope-token of this API begins with; a token has to have one of them. Behind a slash at its end there is no
   * other.
   */
  readonly scope_prefix?: string | undefined;
  /** The claims that may have the client's id: the first one that a token has counts. */
  readonly client_id_claims: readonly string[];
  /** The claim with the scope: a text, or a list. */
  readonly scope_claim: string;
  /** Claims that an access token of it has, and its other JWTs have not. */
  readonly required_claims: Readonly<Record<string, string>>;
}

/** How the tokens of another issuer are verified. */
interface ForeignExpectation {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
  readonly typ: RegExp;
  /** Says in our words what a token of it says. */
  readonly translated: (claims: Claims) => Claims;
}

/** Finds how a token is verified by the issuer that it names; undefined: it is not one of these. */
export type ForeignIssuers = (access_token: string) => ForeignExpectation | undefined;

/** What the issuers are asked with, beside whom they are, and for whom their tokens have to be. */
export interface ForeignSurroundings extends Omit<Source, 'metadataUrl'> {
  /** This API's own identifier. */
  readonly audience: string;
}

/**
 * Reads FOREIGN_ISSUERS, and makes what finds the keys of each through its metadata (OpenID Connect Discovery §4).
 * @returns undefined: there are none
 * @throws Error when it is not what infra/ writes: the cold start fails
 */
export function foreignIssuers(
  text: string,
  { audience, issuer: own, ...source }: ForeignSurroundings,
): ForeignIssuers | undefined {
  if (text === 'none') return undefined;
  // The cast: the next lines look at what decides.
  const expectations = (JSON.parse(text) as readonly ForeignIssuer[]).map((foreign) => {
    checkForeign(foreign, own);
    const { issuer, algorithms } = foreign;
    return {
      issuer,
      algorithms,
      audience: foreign.audience ?? audience,
      keys: issuerKeys({ ...source, issuer, metadataUrl: openidMetadataUrl }),
      typ: typOf(foreign.types),
      translated: translation(foreign, audience),
    };
  });
  const byIssuer = new Map(expectations.map((expected) => [expected.issuer, expected]));
  return (access_token) => byIssuer.get(issuerOf(access_token));
}

function checkForeign(foreign: ForeignIssuer, own: string): void {
  const { issuer, algorithms, types, audience, scope_prefix } = foreign;
  // Where names are known at deployment alone. Of ours it is asked what was taken back, which others do not tell.
  if (issuer === own) throw new Error(`FOREIGN_ISSUERS has the own issuer ${own}`);
  const isNarrow = Boolean(audience) || Boolean(scope_prefix);
  const isSigned = algorithms.length > 0 && algorithms.every(isAsymmetric);
  if (isNarrow && isSigned && types.length > 0) return;
  throw new Error(`FOREIGN_ISSUERS does not say what the tokens of ${issuer} are like`);
}

const patterns: Readonly<Record<TokenType, RegExp>> = {
  'at+jwt': accessTokenTyp,
  JWT: /^(application\/)?jwt$/i,
  none: /^$/,
};

const typOf = (types: readonly TokenType[]): RegExp =>
  new RegExp(types.map((type) => patterns[type].source).join('|'), 'i');

/** The issuer that a JWT names, unverified; empty: none. */
function issuerOf(jwt: string): string {
  const [, payload = ''] = jwt.split('.', 2);
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof iss === 'string' ? iss : '';
  } catch {
    return '';
  }
}

/**
 * Says what a token says by the names of RFC 9068. Whoever reads the claims next refuses what is missing or malformed.
 * @throws OAuthError `invalid_token` where it is none of its issuer's access tokens, or for another API
 */
function translation(foreign: ForeignIssuer, ownAudience: string) {
  const { audience, scope_prefix, client_id_claims, scope_claim } = foreign;
  const required = Object.entries(foreign.required_claims);
  return ({ status: _, ...claims }: Claims): Claims => {
    const [lacking] = required.find(([name, value]) => claims[name] !== value) ?? [];
    if (lacking !== undefined) throw invalidToken(`unexpected "${lacking}" claim value`);
    const client_id = client_id_claims.map((name) => claims[name]).find((id) => id !== undefined);
    const scope = scopeOf(claims[scope_claim]);
    if (scope_prefix !== undefined && !hasPrefix(scope, scope_prefix)) {
      throw invalidToken(`no scope of the token begins with ${scope_prefix}`);
    }
    // Some name no subject beside the client, and give a token no name of its own.
    const { sub = client_id, jti = 'none' } = claims;
    // One that has an audience all the same is for that alone: Cognito writes the resource that was asked for.
    const aud = audience === undefined && namesNoApi(claims.aud) ? ownAudience : claims.aud;
    return { ...claims, sub, jti, client_id, scope, aud };
  };
}

/** Hydra writes an empty list where its client has asked for no audience. */
const namesNoApi = (aud: unknown): boolean =>
  aud === undefined || (Array.isArray(aud) && aud.length === 0);

/** A list is one of scope-tokens: with anything else in it, it is left as it is, which is no scope. */
const scopeOf = (value: unknown): unknown =>
  Array.isArray(value) && value.every((token) => typeof token === 'string' && !token.includes(' '))
    ? value.join(' ')
    : value;

/** The scopes of Cognito are `identifier/name`. An identifier may have slashes, and a name has none. */
function hasPrefix(scope: unknown, prefix: string): boolean {
  if (typeof scope !== 'string') return false;
  const isName = (rest: string) => !(prefix.endsWith('/') && rest.includes('/'));
  return scope
    .split(' ')
    .some((token) => token.startsWith(prefix) && isName(token.slice(prefix.length)));
}
