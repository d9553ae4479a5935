import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRemoteJWKSet, exportPKCS8, jwtVerify } from 'jose';
import type { Client } from '../../../functions/oauth/client.ts';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { aSecret } from '../../support/token-endpoint.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Program, run } from './program.ts';
import type { ClientRecipe, Method } from './recipe.ts';
import { build } from './workspace.ts';

/** How a client has done with one method. */
export interface Got {
  /** What is wrong; undefined: it got its token, and no other. */
  readonly problem: string | undefined;
  /** Whether it shows the error code of a refusal. */
  readonly shows: readonly string[];
}

/** What clients authenticate with; the same for all, so that their names alone differ. */
export interface Credentials {
  readonly secret: string;
  readonly key: TestKey;
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes credentials, and puts them where the recipes look for them. */
export async function makeCredentials({
  issuer,
  audience,
  stack,
}: Deployment): Promise<Credentials> {
  const secret = 'Zx7Kp-2vQm_9LtRb4WyHc8NsDf3GjUe6';
  const key = await testKey('RS256');
  const pem = join(stack.directory, 'interop-key.pem');
  await writeFile(pem, await exportPKCS8(key.privateKey), { mode: 0o600 });
  return {
    secret,
    key,
    environment: {
      ISSUER: issuer,
      AUDIENCE: audience,
      CLIENT_SECRET: secret,
      PRIVATE_KEY: pem,
      KEY_ID: key.kid,
      CERTIFICATE: stack.tls.demoClient,
      CERTIFICATE_KEY: stack.tls.demoClientKey,
      MTLS_TOKEN_ENDPOINT: stack.mtlsTokenEndpoint,
    },
  };
}

/** Lets a client get a token by one method, and try to without the right to. */
export async function get(
  recipe: ClientRecipe,
  method: Method,
  deployment: Deployment,
  credentials: Credentials,
): Promise<Got> {
  const client_id = `${recipe.files[0].replace(/\W+/g, '-')}-${method}`;
  const { audience, registry, stack } = deployment;
  const right = credentialsFor[method](credentials);
  const wrong = credentialsFor[method]({ secret: 'another', key: await testKey('RS256') });
  const as = (special: Partial<Client>) => registry.client({ ...right, ...special });
  const may = (scope: string) => new Map([[audience, new Set([scope])]]);
  await as({ client_id, grants: may('read') });
  await as({ client_id: `${client_id}-another`, grants: may('read'), ...wrong });
  await as({ client_id: `${client_id}-write`, grants: may('write') });
  await using built = await build(recipe, {
    exchanged: { ...recipe.methods[method], ...recipe.exchanged },
    environment: credentials.environment,
    authority: stack.tls.authority,
  });
  const named = (name: string) => run(calling(built.program, name));
  const { succeeded, stdout, stderr } = await named(client_id);
  if (!succeeded) return { problem: `${stdout}\n${stderr}`.trim().slice(-2000), shows: [] };
  const problem = await problemOf(lastLine(stdout), client_id, deployment);
  const another = await named(`${client_id}-another`);
  const write = await named(`${client_id}-write`);
  const took = [another, write].some((ended) => ended.succeeded);
  return {
    problem: problem ?? (took ? 'a client without the right to a token does not fail' : undefined),
    shows: ['invalid_client', 'invalid_scope'].filter((code, index) => {
      const ended = [another, write][index];
      return `${ended?.stdout}${ended?.stderr}`.includes(code);
    }),
  };
}

type Secrets = Pick<Credentials, 'secret' | 'key'>;

/** What is registered of a client, by method. */
const credentialsFor: Readonly<Record<Method, (own: Secrets) => Partial<Client>>> = {
  client_secret_basic: ({ secret }) => ({ secrets: [aSecret(secret)] }),
  client_secret_post: ({ secret }) => ({
    token_endpoint_auth_method: 'client_secret_post',
    secrets: [aSecret(secret)],
  }),
  private_key_jwt: ({ key }) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    secrets: [],
    jwks: { keys: [key.jwk] },
  }),
  tls_client_auth: ({ secret }) => ({
    token_endpoint_auth_method: 'tls_client_auth',
    secrets: [],
    tls_client_auth_subject_dn:
      secret === 'another' ? 'CN=another' : 'CN=demo-client, O=Countersign demo',
  }),
};

const calling = (program: Program, client_id: string): Program => ({
  ...program,
  environment: { ...program.environment, CLIENT_ID: client_id },
});

/** Some libraries log to the same place. */
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

async function problemOf(token: string, client_id: string, deployment: Deployment) {
  const { issuer, audience, stack } = deployment;
  const keys = createRemoteJWKSet(new URL(`${stack.url}/.well-known/jwks.json`));
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' });
    const isRight = payload.client_id === client_id && payload.scope === 'read';
    return isRight ? undefined : `the token says ${JSON.stringify(payload)}`;
  } catch (error) {
    return `it prints no access token, but ${token.slice(0, 500)} (${error})`;
  }
}
