/**
 * How long a signing key is in each state. All in seconds. The states follow from how long others
 * may still cache an older JWK Set, and from how long a token may live.
 */

/**
 * A JWK Set may be cached until its key ring was read this long ago, here and elsewhere together
 * (RFC 9111 §5.2.2.1).
 */
export const jwkSetMaxAge = 300;

/**
 * Seconds for which the token function and the discovery function cache the key ring. The publisher
 * has the shorter time, so that a key is published before it signs.
 */
export const signerFreshness = 60;
export const publisherFreshness = 1;

/** The longest lifetime that an access token may have. */
export const longestAccessTokenLifetime = 86_400;

/**
 * From its publication until a key signs: API Gateway and others cache a JWK Set for two hours,
 * whatever its Cache-Control says. The rest is a margin for our own caches and for clocks.
 */
export const publishLead = 2 * 3600 + 900;

/** From its last signature until a key leaves the JWK Set: no token that it signed is alive then. */
export const retention = longestAccessTokenLifetime + publishLead;

/** Keys that a JWK Set may have: load balancers of AWS read no more. */
export const mostPublished = 10;
