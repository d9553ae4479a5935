import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { node as toolchain } from '../toolchains/node.ts';

const all = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;

export const nodeVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'jose',
    library: 'jose',
    toolchain,
    files: ['jose.mjs'],
    drivers: ['verify.mjs'],
    knows: all,
  },
  {
    title: 'aws-jwt-verify',
    library: 'aws-jwt-verify',
    toolchain,
    files: ['aws-jwt-verify.mjs'],
    drivers: ['verify.mjs'],
    knows: ['RS256', 'ES256', 'ES384', 'EdDSA'],
  },
  {
    title: 'express-oauth2-jwt-bearer',
    library: 'express-oauth2-jwt-bearer',
    toolchain,
    files: ['express-oauth2-jwt-bearer.mjs'],
    serves: true,
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
  {
    title: 'jose with the revocation list',
    library: 'jose',
    toolchain,
    files: ['jose-revocation.mjs'],
    drivers: ['verify.mjs'],
    revokes: true,
    knows: all,
  },
];

const bySecret = {
  client_secret_basic: {},
  client_secret_post: { ClientSecretBasic: 'ClientSecretPost' },
} as const;
const openidClient = { title: 'openid-client', library: 'openid-client', toolchain } as const;
const oauth4webapi = { title: 'oauth4webapi', library: 'oauth4webapi', toolchain } as const;
const mcp = {
  title: 'MCP SDK for TypeScript',
  library: '@modelcontextprotocol/sdk',
  toolchain,
} as const;

export const nodeClients: readonly ClientRecipe[] = [
  { ...openidClient, files: ['openid-client.mjs'], methods: bySecret },
  { ...openidClient, files: ['openid-client-key.mjs'], methods: { private_key_jwt: {} } },
  { ...oauth4webapi, files: ['oauth4webapi.mjs'], methods: bySecret },
  { ...oauth4webapi, files: ['oauth4webapi-key.mjs'], methods: { private_key_jwt: {} } },
  {
    title: 'simple-oauth2',
    library: 'simple-oauth2',
    toolchain,
    files: ['simple-oauth2.mjs'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { "authorizationMethod: 'header'": "authorizationMethod: 'body'" },
    },
  },
  { ...mcp, files: ['mcp-secret.mjs'], methods: { client_secret_basic: {} } },
  { ...mcp, files: ['mcp-key.mjs'], methods: { private_key_jwt: {} } },
];
