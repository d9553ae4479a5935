/** The names of the two metadata documents. */
export const wellKnown = ['oauth-authorization-server', 'openid-configuration'] as const;

/** One of them. */
export type WellKnown = (typeof wellKnown)[number];

/**
 * Where an issuer has a metadata document: RFC 8414 §3.1 puts the well-known path before the
 * issuer's own, OpenID Connect Discovery 1.0 §4 behind it.
 */
export function documentUrl(issuer: string, name: WellKnown): URL {
  const { origin, pathname } = new URL(issuer);
  const own = pathname.replace(/\/$/, '');
  const path = `/.well-known/${name}`;
  return new URL(name === 'openid-configuration' ? own + path : path + own, origin);
}
