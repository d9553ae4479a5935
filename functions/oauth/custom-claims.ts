/** A JSON value (RFC 8259). */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Claims that an owner adds to access tokens, by name (RFC 7519 §4.2, §4.3). */
export type CustomClaims = Readonly<Record<string, Json>>;

/** The claims that this server sets (RFC 7519 §4.1, RFC 9068 §2.2, RFC 7800 §3.1, Token Status List §6.1). */
export const ownClaims: readonly string[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'scope',
  'cnf',
  'status',
];

/** What a token says beside the claims that this server sets. */
export const customClaimsOf = (claims: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !ownClaims.includes(name)));
