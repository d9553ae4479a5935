import { algorithms, type VerifierRecipe } from '../running/recipe.ts';
import { apache } from '../toolchains/apache.ts';
import { haproxy } from '../toolchains/haproxy.ts';
import { nginx } from '../toolchains/nginx.ts';

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
    title: 'mod_oauth2 by introspection',
    library: 'mod_oauth2',
    toolchain: apache,
    files: ['mod_oauth2_introspection.conf'],
    drivers: ['httpd.conf'],
    serves: true,
    revokes: true,
    knows: algorithms,
    exchanged: { 'introspect.ssl_verify=true': 'introspect.ssl_verify=false' },
  },
  {
    title: 'nginx and a program that asks',
    library: 'nginx',
    toolchain: nginx,
    files: ['nginx.conf', 'introspect.mjs'],
    drivers: ['serve.mjs', 'base.conf'],
    serves: true,
    revokes: true,
    knows: algorithms,
    exchanged: {
      '127.0.0.1:8080': '127.0.0.1:%PORT%',
      '127.0.0.1:9000': '127.0.0.1:%INTROSPECT_PORT%',
    },
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
