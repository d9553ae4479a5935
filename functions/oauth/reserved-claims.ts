import { ownClaims } from './custom-claims.ts';

/**
 * Claims that an owner may not set, beside those that this server sets, by the reason. It goes through IANA's registry of JSON Web Token Claims, and through
 * what verifiers read that is not in it. docs/claims.md says what is not reserved, and why.
 */
const reservedClaims = {
  /** For whom somebody acts, or may, and who that is in another way (RFC 8693 §4, OpenID Connect Core §2, RFC 9493 §4.1). */
  parties: 'act may_act azp sub_id sub_jwk',
  /** How a person has signed in. There is none (OpenID Connect Core §2, Front-Channel Logout §3, RFC 8485). */
  sessions: 'auth_time acr amr nonce sid vot vtm at_hash c_hash',
  /** Rights that a grant gives by a rule of its own, and how often a token counts (RFC 9396 §9.1, ETSI NFV-SEC 022). */
  rights: 'authorization_details at_use_nbr',
  /** Another end, or another way to tell whether a token is fresh (RFC 9200 §5.10). */
  freshness: 'exi cnonce ace_profile',
  /** They make another kind of JWT of it: by RFC 8417, 9701, 9321, 9449, Token Status List, OpenID Federation, EAT. */
  kinds:
    'events toe txn token_introspection sig_val_claims htm htu ath status_list ttl jwks crit ' +
    'metadata_policy metadata_policy_crit trust_chain trust_marks authority_hints eat_nonce eat_profile',
  /** A signed URI for a content delivery network (RFC 9246 §2.1). */
  signedUris: 'cdniv cdnicrit cdniip cdniuc cdniets cdnistt cdnistd',
  /** Claims that others have made or hidden: a verifier puts them in (OpenID Connect Core §5.6.2, SD-JWT, W3C VC). */
  claimsOfOthers: '_claim_names _claim_sources _sd ... _sd_alg sd_hash vct vc vp verified_claims',
  /** Members of the answer about a token (RFC 7662 §2.2), beside which the claims of an owner are. */
  introspection: 'active token_type username',
  /** What verifiers take for the kind of a token, or for its key, though it is in no registry of claims. */
  unregistered: 'typ token_use alg kid',
} as const;

const names = new Set([
  ...ownClaims,
  ...Object.values(reservedClaims).flatMap((each) => each.split(' ')),
]);

/** Whether an owner may not set a claim of this name. Its case does not count: some verifiers do not mind it. */
export const isReservedClaim = (name: string): boolean => names.has(name.toLowerCase());
