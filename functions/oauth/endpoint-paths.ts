/** Where clients authenticate, below the issuer, and below the origin that asks for certificates. */
export const endpointPaths = {
  token: '/token',
  /** RFC 7009 */
  revocation: '/revoke',
  /** RFC 7662 */
  introspection: '/introspect',
} as const;
