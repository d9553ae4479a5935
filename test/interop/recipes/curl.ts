import type { ClientRecipe } from '../running/recipe.ts';
import { curl as toolchain } from '../toolchains/curl.ts';

const recipe = { title: 'curl', library: 'curl', toolchain } as const;

export const curlClients: readonly ClientRecipe[] = [
  { ...recipe, files: ['curl-basic.sh'], methods: { client_secret_basic: {} } },
  { ...recipe, files: ['curl-post.sh'], methods: { client_secret_post: {} } },
  { ...recipe, files: ['curl-tls.sh'], methods: { tls_client_auth: {} } },
];
