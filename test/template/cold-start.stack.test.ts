import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withoutRevocations } from '../../functions/authorizer/revocations/environment.ts';
import { functionFolder } from '../../infra/package-files.ts';

/** What the parameters of a template can be, and no synthesis has seen. */
const good = {
  AWS_REGION: 'eu-west-1',
  ISSUER: 'https://auth.example.com',
  AUDIENCE: 'https://api.example.com',
  ROUTES: '{"GET /":["read"]}',
  ALGORITHMS: 'RS256',
  FOREIGN_ISSUERS: 'none',
  RESOURCE_METADATA: 'none',
  ...withoutRevocations,
  PUBLIC_URL: 'https://api.example.com',
  BOUND_TOKENS: 'accepted',
  DPOP_ALGORITHMS: 'ES256',
  DPOP_NONCE: 'off',
  EPHEMERA_TABLE: 'ephemera',
};

/** Loads a bundle, as Lambda does at a cold start. */
const load = (entry: string, special: Readonly<Record<string, string>> = {}) => {
  const file = JSON.stringify(`${functionFolder(entry)}/index.mjs`);
  const script = `import(${file}).catch(({ message }) => console.log(message));`;
  return promisify(execFile)(process.execPath, ['--eval', script], {
    env: { ...good, ...special },
  });
};

const authorizers = ['authorizer/index', 'authorizer/revocation-table', 'authorizer/bound-tokens'];

describe.each(authorizers)('%s', (entry) => {
  test('starts with good parameters', async () => {
    expect(await load(entry)).toEqual({ stdout: '', stderr: '' });
  });

  test.each([
    ['ISSUER', 'http://auth.example.com', 'the issuer "http://auth.example.com" is not the origin'],
    ['AUDIENCE', 'orders', 'the audience "orders" is not an absolute URI'],
    ['ROUTES', '{"GET /":"read"}', 'the scope of "GET /" is not a list of scope-tokens'],
    ['ROUTES', '{"orders":[]}', 'orders'],
    ['ROUTES', '{}', 'the routes are empty'],
    ['ALGORITHMS', 'RS256 HS256', '"HS256" is not an asymmetric signature algorithm'],
    ['REVOCATION_LIST', 'http://auth.example.com/list', 'REVOCATION_LIST is "http://auth'],
    ['REVOCATION_LIST', 'table', 'REVOCATIONS_TABLE is none'],
  ])('I04: does not start with %s %s, and says why', async (name, value, sentence) => {
    const { stdout } = await load(entry, { [name]: value });
    expect(stdout).toContain(sentence);
  });
});

const table = { REVOCATION_LIST: 'table', REVOCATIONS_TABLE: 'revocations' };

test('I13: an authorizer without the AWS SDK does not start with a table', async () => {
  const [bearer = '', ...others] = authorizers;
  const { stdout } = await load(bearer, table);
  expect(stdout).toContain('REVOCATION_LIST is table, which this function cannot read');
  for (const entry of others) expect(await load(entry, table)).toEqual({ stdout: '', stderr: '' });
});

test.each(['token/index', 'discovery/index'])(
  'F01: %s does not start with an issuer of http',
  async (entry) => {
    const { stdout } = await load(entry, {
      ISSUER: 'http://auth.example.com',
      REGISTRY_TABLE: 'registry',
      MTLS_ORIGIN: 'none',
    });
    expect(stdout).toContain('the issuer "http://auth.example.com" is not the origin');
  },
);
