import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { rust as toolchain } from '../toolchains/rust.ts';

export const rustVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'jsonwebtoken',
    library: 'jsonwebtoken',
    toolchain,
    files: ['jsonwebtoken.rs'],
    drivers: ['verify.rs'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
];

const oauth2 = { title: 'oauth2', library: 'oauth2', toolchain } as const;

export const rustClients: readonly ClientRecipe[] = [
  {
    ...oauth2,
    files: ['oauth2_secret.rs'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { 'AuthType::BasicAuth': 'AuthType::RequestBody' },
    },
  },
  { ...oauth2, files: ['oauth2_tls.rs'], methods: { tls_client_auth: {} } },
];
