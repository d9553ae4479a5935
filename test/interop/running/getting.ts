import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRemoteJWKSet, exportPKCS8, jwtVerify } from 'jose';
import type { Client } from '../../../functions/oauth/client.ts';
import { newClientSecret } from '../../../functions/oauth/client-secret.ts';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { aSecret } from '../../support/token-endpoint.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Ended, type Program, run } from './program.ts';
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
  const secret = newClientSecret();
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
  const names = await register(recipe, method, deployment, credentials);
  await using built = await build(recipe, {
    exchanged: { ...recipe.methods[method], ...recipe.exchanged },
    environment: credentials.environment,
    authority: deployment.stack.tls.authority,
  });
  const as = (client_id: string) => run(calling(built.program, client_id));
  const right = await as(names.right);
  if (!right.succeeded) return { problem: saidBy(right).slice(-2000), shows: [] };
  const problem = await problemOf(lastLine(right.stdout), names.right, deployment);
  const refusals = {
    invalid_client: await as(names.another),
    invalid_scope: await as(names.write),
  };
  const took = Object.values(refusals).some(({ succeeded }) => succeeded);
  return {
    problem: problem ?? (took ? 'a client without the right to a token does not fail' : undefined),
    shows: Object.entries(refusals).flatMap(([code, ended]) =>
      saidBy(ended).includes(code) ? code : [],
    ),
  };
}

const saidBy = ({ stdout, stderr }: Ended): string => `${stdout}\n${stderr}`.trim();

/** Registers a client that may have its token, one with other credentials, and one with another scope. */
async function register(
  recipe: ClientRecipe,
  method: Method,
  { audience, registry }: Deployment,
  credentials: Credentials,
) {
  const right = `${recipe.files[0].replace(/\W+/g, '-')}-${method}`;
  const names = { right, another: `${right}-another`, write: `${right}-write` };
  const own = credentialsFor[method](credentials);
  const others = credentialsFor[method]({ secret: 'another', key: await testKey('RS256') });
  const may = (scope: string) => new Map([[audience, new Set([scope])]]);
  await registry.client({ ...own, client_id: names.right, grants: may('read') });
  await registry.client({ ...others, client_id: names.another, grants: may('read') });
  await registry.client({ ...own, client_id: names.write, grants: may('write') });
  return names;
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
    return `its last line is no access token (${error})`;
  }
}
