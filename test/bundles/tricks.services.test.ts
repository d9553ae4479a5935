import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kms from '@aws-sdk/client-kms';
import type { BuildFailure } from 'esbuild';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { retriedErrors } from '../../build/adapted-modules.ts';
import { bundle, projectRoot, tricks } from '../../build/bundling.ts';
import { lambdaEnvironment } from '../support/lambda-instance.ts';

const outdir = mkdtempSync(join(tmpdir(), 'countersign-tricks-'));
afterAll(() => rmSync(outdir, { recursive: true }));

async function bundled(name: string): Promise<string> {
  const file = join(outdir, `${name}.mjs`);
  await bundle(`../test/bundles/bundled/${name}`, file);
  return file;
}

test('the packages are what the tricks of the bundles take them for', async () => {
  // Without a good stand-in there is no bundle to look at.
  expect((await Promise.all(standIns.map(standInProblems))).flat()).toEqual([]);
  const problems = await Promise.all([joseNameProblems(), serviceErrorProblems()]);
  expect(problems.flat()).toEqual([]);
});

/** A stand-in, and what it stands for. */
interface StandIn {
  readonly trick: string;
  readonly real: string;
  readonly path: string;
}

const standIns: readonly StandIn[] = Object.entries(tricks).flatMap(([trick, options]) =>
  Object.entries('alias' in options ? options.alias : {})
    .filter(([, path]) => !path.startsWith('data:'))
    .map(([real, path]) => ({ trick, real, path: relative(projectRoot, path) })),
);

/** What a bundle must not have of the packages that a trick keeps out. */
const leftOut: Readonly<Record<string, RegExp>> = {
  'no credential providers': /credential-provider-(?!env)|nested-clients|token-providers/,
  'no event streams': /eventstream|event-streams\//,
};

async function standInProblems({ trick, real, path }: StandIn): Promise<readonly string[]> {
  const says = (why: string) => `${trick}: ${path} stands for ${versioned(real)}, ${why}`;
  const built = await bundle('token/index', join(outdir, `${trick}.mjs`)).catch(
    ({ errors }: BuildFailure) => errors.map(({ text }) => text),
  );
  if (Array.isArray(built)) {
    return built.filter((text) => text.includes(path)).map((text) => says(`but ${text}`));
  }
  const has = Object.keys(await import(real));
  const stands = Object.keys(await import(join(projectRoot, path)).catch(() => ({})));
  const importers = Object.values(built.inputs)
    .flatMap(({ imports }) => imports)
    .filter((imported) => imported.path === path);
  return [
    ...stands.filter((name) => !has.includes(name)).map((name) => says(`which has no ${name}`)),
    ...(importers.length === 0 ? [says('which nothing asks for')] : []),
    ...(stands.length === 0 && importers.some(({ kind }) => kind !== 'dynamic-import')
      ? [says('which is now loaded at the start')]
      : []),
    ...Object.keys(built.inputs)
      .filter((input) => leftOut[trick]?.test(input))
      .map((input) => says(`and ${input} gets in another way`)),
  ];
}

async function joseNameProblems(): Promise<readonly string[]> {
  const { errors }: typeof import('./bundled/jose-errors.ts') = await import(
    await bundled('jose-errors')
  );
  return Object.entries(errors)
    .filter(([name, type]) => type.name !== name)
    .map(([name]) => `short names: ${versioned('jose')} writes ${name} in another way`);
}

async function serviceErrorProblems(): Promise<readonly string[]> {
  const retried = [dynamodb, kms].flatMap((client) =>
    Object.entries(client)
      .filter(([name, Type]) => /(Exception|Error)$/.test(name) && typeof Type === 'function')
      .filter(([, Type]) => Reflect.construct(Type as typeof Error, [{}]).$retryable !== undefined)
      .map(([name]) => name),
  );
  const known: readonly string[] = retriedErrors;
  const text = readFileSync(await bundled('service-errors'), 'utf8');
  return [
    ...retried.filter((name) => !known.includes(name)).map((name) => `retries ${name}, too`),
    ...known.filter((name) => !retried.includes(name)).map((name) => `does not retry ${name}`),
    ...(text.includes('BackupNotFoundException') ? ['registers errors in another way'] : []),
  ].map((why) => `less of the clients: ${versioned('@aws-sdk/client-dynamodb')} ${why}`);
}

/** A package and its version, by the name of one of its modules. */
function versioned(module: string): string {
  const [name = ''] = /^(@[^/]+\/)?[^/]+/.exec(module) ?? [];
  if (name.startsWith('node:')) return `${module} of Node ${process.version}`;
  const manifest = join(projectRoot, 'node_modules', name, 'package.json');
  return `${module} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}

describe('an error of DynamoDB in a bundle', () => {
  const answered = async (type: string, members: object = {}) => {
    const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no', ...members };
    let userAgent: string | undefined;
    const server = createServer(({ headers }, response) => {
      userAgent = headers['user-agent'];
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const [name, value] of Object.entries(lambdaEnvironment(`http://127.0.0.1:${port}`)))
      vi.stubEnv(name, value);
    try {
      const { handler }: typeof import('./bundled/service-errors.ts') = await import(
        await bundled('service-errors')
      );
      return { ...(await handler()), userAgent };
    } finally {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    }
  };

  test('that a function names is one of its class, with its members', async () => {
    const Item = { nonce_key: { B: Buffer.from('a-key').toString('base64') } };
    const error = await answered('ConditionalCheckFailedException', { Item });
    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', isNamed: true });
    expect(String(Buffer.from(error.stored ?? []))).toBe('a-key');
  });

  test('that none names has its name and message all the same', async () => {
    expect(await answered('ResourceNotFoundException')).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'no',
      $fault: 'client',
      attempts: 1,
      isNamed: false,
    });
  });

  test('answers a call that says which client made it', async () => {
    const [, version] = versioned('@aws-sdk/client-dynamodb').split(' ');
    const { userAgent } = await answered('ResourceNotFoundException');
    expect(userAgent).toContain(`aws-sdk-js/${version} `);
    expect(userAgent).toContain(`api/dynamodb#${version}`);
  });

  test.for(retriedErrors)('is met once more where it is %s', async (name) => {
    expect(await answered(name)).toMatchObject({ name, attempts: 2 });
  });
});

test('a module below one of the lazy builtins is not mistaken for it', async () => {
  const imports = (name: string) => `import * as it from '${name}'; export const handler = it;`;
  writeFileSync(join(outdir, 'index.ts'), imports('node:util'));
  await bundle(join(outdir, 'index'), join(outdir, 'good.mjs'));
  writeFileSync(join(outdir, 'index.ts'), imports('node:util/types'));
  await expect(bundle(join(outdir, 'index'), join(outdir, 'bad.mjs'))).rejects.toThrow(
    'Unterminated regular expression',
  );
});
