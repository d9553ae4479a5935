import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { go as toolchain } from '../toolchains/go.ts';

export const goVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'go-oidc',
    library: 'github.com/coreos/go-oidc/v3',
    toolchain,
    files: ['go_oidc.go'],
    drivers: ['verify.go'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
  {
    title: 'jwx',
    library: 'github.com/lestrrat-go/jwx/v3',
    toolchain,
    files: ['jwx.go'],
    drivers: ['verify.go'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
  },
];

const xOauth2 = { title: 'x/oauth2', library: 'golang.org/x/oauth2', toolchain } as const;

export const goClients: readonly ClientRecipe[] = [
  {
    ...xOauth2,
    files: ['x_oauth2.go'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { AuthStyleInHeader: 'AuthStyleInParams' },
    },
  },
  { ...xOauth2, files: ['x_oauth2_tls.go'], methods: { tls_client_auth: {} } },
];
