import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventory } from './account.ts';
import { findings } from './cfn-lint.ts';
import { outputs, physicalIds } from './deployed-stack.ts';
import { openDomain } from './domain.ts';
import { getToken } from './obtained-token.ts';
import { runProgram } from './program.ts';
import { apiTemplate } from './template/api.ts';
import { createStack, deleteStack, updateStack, upload } from './template/plain-stack.ts';

/** The templates, deployed by CloudFormation alone: no CDK, no bootstrapped account. */

const [issuer, api] = [await openDomain(), await openDomain()];
afterAll(async () => {
  await issuer[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const [server, authorizer, owners] = ['Plain', 'PlainAuthorizer', 'PlainApi'] as const;
const audience = 'https://orders.example.com';
const assets = { AssetsBucket: 'plain-assets', AssetsPrefix: 'v1/' };
const serverValues = { ...assets, Issuer: issuer.origin, AccessTokenLifetime: '300' };

let folder: string;
const template = (name: string) => readFile(join(folder, `${name}.template.json`), 'utf8');
const plain = async (...parameters: readonly string[]) => {
  const all = [...parameters, '--stack', server, '--json'];
  return JSON.parse((await runProgram('cli/countersign.ts', all)).stdout);
};

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'templates-')), 'out');
  await runProgram('cli/countersign.ts', ['template', '--out', folder]);
  await upload(join(folder, 'assets'), assets.AssetsBucket, assets.AssetsPrefix);
});

describe('plain templates', () => {
  test('cfn-lint finds nothing in them', async () => {
    const names = ['Countersign', 'CountersignAuthorizer', 'CountersignBoundTokenAuthorizer'];
    const files = names.map((name) => join(folder, `${name}.template.json`));
    expect(await findings(files)).toBe('');
  });

  test('make a server that the command line finds by the name of its stack', async () => {
    await createStack(server, await template('Countersign'), serverValues);
    const [apiId = ''] = await physicalIds(server, 'AWS::ApiGatewayV2::Api');
    issuer.leadTo(apiId);
    expect(await outputs(server)).toMatchObject({
      Issuer: issuer.origin,
      TokenEndpoint: `${issuer.origin}/token`,
    });
    expect((await plain('key', 'list')).keys).toMatchObject([{ state: 'active', alg: 'RS256' }]);
  });

  test('E01: whose parameters reach the functions', async () => {
    await plain('resource', 'create', audience, '--scope', 'orders:read');
    const client = await plain('client', 'create', '--name', 'Shop', '--scope', 'orders:read');
    expect(await getToken(issuer.origin, client)).toMatchObject({ expires_in: 300 });
    const changed = { ...serverValues, AccessTokenLifetime: '120' };
    await updateStack(server, await template('Countersign'), changed);
    expect(await getToken(issuer.origin, client)).toMatchObject({ expires_in: 120 });
  });

  test('I01, I06: make an authorizer that lets its tokens into an API, and nobody else', async () => {
    await createStack(authorizer, await template('CountersignAuthorizer'), {
      ...assets,
      Issuer: issuer.origin,
      Audience: audience,
      Routes: '{"GET /orders":["orders:read"]}',
    });
    const { InvocationArn = '' } = await outputs(authorizer);
    await createStack(owners, apiTemplate, { InvocationArn });
    const [apiId = ''] = await physicalIds(owners, 'AWS::ApiGatewayV2::Api');
    api.leadTo(apiId);
    const client = await plain('client', 'create', '--name', 'Shop', '--scope', 'orders:read');
    const { access_token } = await getToken(issuer.origin, client);
    const call = (headers: Record<string, string>) => fetch(`${api.origin}/orders`, { headers });
    const answer = await call({ authorization: `Bearer ${access_token}` });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ client_id: client.client_id });
    expect((await call({})).status).toBe(401);
    expect((await call({ authorization: `Bearer ${access_token.slice(0, -4)}` })).status).not.toBe(
      200,
    );
  });

  test('leave the registry when their stacks are deleted', async () => {
    const { RegistryTable } = await outputs(server);
    for (const stack of [owners, authorizer, server]) await deleteStack(stack);
    const { tables, functions, roles } = await inventory();
    expect(tables).toContain(RegistryTable);
    const left = [...functions, ...roles].filter((name) => name.includes(server));
    expect(left).toEqual([]);
  });
});
