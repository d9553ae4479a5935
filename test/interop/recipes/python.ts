import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { pythonToolchain as toolchain } from '../toolchains/python.ts';

export const pythonVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'PyJWT',
    library: 'pyjwt',
    toolchain,
    files: ['pyjwt_verify.py'],
    drivers: ['verify.py'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
  {
    title: 'Authlib',
    library: 'authlib',
    toolchain,
    files: ['authlib_verify.py'],
    drivers: ['verify.py'],
    knows: ['RS256', 'ES256'],
  },
  {
    title: 'PyJWT with the revocation list',
    library: 'pyjwt',
    toolchain,
    files: ['pyjwt_revocation.py'],
    drivers: ['verify.py'],
    revokes: true,
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
  {
    title: 'joserfc with a status list',
    library: 'joserfc',
    toolchain,
    files: ['joserfc_status.py'],
    drivers: ['verify.py'],
    revokes: true,
    takes: { 'revoked with its client': 'no status list has clients' },
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
  },
];

const requestsOauthlib = {
  title: 'requests-oauthlib',
  library: 'requests-oauthlib',
  toolchain,
} as const;
const mcp = { title: 'MCP SDK for Python', library: 'mcp', toolchain } as const;
const authlib = { title: 'Authlib', library: 'authlib', toolchain } as const;
const inBody = 'client_id=client_id, client_secret=client_secret, include_client_id=True';

export const pythonClients: readonly ClientRecipe[] = [
  {
    ...requestsOauthlib,
    files: ['requests_oauthlib_secret.py'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { 'auth=(client_id, client_secret)': inBody },
    },
  },
  {
    ...requestsOauthlib,
    files: ['requests_oauthlib_tls.py'],
    methods: { tls_client_auth: {} },
  },
  {
    ...authlib,
    files: ['authlib_secret.py'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { client_secret_basic: 'client_secret_post' },
    },
  },
  { ...authlib, files: ['authlib_key.py'], methods: { private_key_jwt: {} } },
  { ...authlib, files: ['authlib_tls.py'], methods: { tls_client_auth: {} } },
  { ...mcp, files: ['mcp_secret.py'], methods: { client_secret_basic: {} } },
  { ...mcp, files: ['mcp_key.py'], methods: { private_key_jwt: {} } },
  {
    title: 'confluent-kafka',
    library: 'confluent-kafka',
    toolchain,
    files: ['librdkafka_producer.py'],
    drivers: ['librdkafka.py'],
    // The broker is the driver.
    exchanged: { SASL_SSL: 'SASL_PLAINTEXT' },
    methods: { client_secret_basic: {} },
  },
];
