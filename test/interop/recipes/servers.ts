import type { VerifierRecipe } from '../running/recipe.ts';
import { apache } from '../toolchains/apache.ts';
import { haproxy } from '../toolchains/haproxy.ts';

/** Servers that verify tokens by their configuration. */
export const serverVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'mod_oauth2',
    library: 'mod_oauth2',
    toolchain: apache,
    files: ['mod_oauth2.conf'],
    drivers: ['httpd.conf'],
    serves: true,
    knows: ['RS256', 'PS256', 'ES256', 'ES384'],
    // libcurl trusts whom the computer trusts, and nobody else.
    exchanged: { 'jwks_uri.ssl_verify=true': 'jwks_uri.ssl_verify=false' },
  },
  {
    title: 'HAProxy',
    library: 'haproxy',
    toolchain: haproxy,
    files: ['haproxy.cfg', 'haproxy-keys.mjs'],
    drivers: ['base.cfg'],
    serves: true,
    knows: ['RS256', 'ES256', 'ES384'],
  },
];
