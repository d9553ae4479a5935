import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Format } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const app = mkdtempSync(join(tmpdir(), 'countersign-guard-entry-'));
afterAll(() => rmSync(app, { recursive: true }));

mkdirSync(join(app, 'node_modules'));
symlinkSync(root, join(app, 'node_modules/countersign'));
symlinkSync(join(root, 'node_modules/@middy'), join(app, 'node_modules/@middy'));

const orders = `async (event) => ({
  statusCode: 200,
  body: event.requestContext.authorizer.lambda.client_id,
})`;

/** The owner's functions, in each way that a guard can be had. */
const sources = {
  'orders.mjs': `import { guard } from 'countersign/guard';\nexport const handler = guard(${orders});`,
  'orders.cjs': `const { guard } = require('countersign/guard');\nexports.handler = guard(${orders});`,
  'middy.mjs': `import middy from '@middy/core';
import { accessTokenGuard } from 'countersign/guard';
export const handler = middy(${orders}).use(accessTokenGuard());`,
};

/** Calls a function as a test of its owner does, and tells what came of each call. */
const caller = `import { testIssuer } from 'countersign/testing';
const issuer = await testIssuer();
await issuer.listen();
Object.assign(process.env, issuer.guardEnvironment({ routes: { 'GET /orders': ['read'] } }));
const { default: own, handler = own.handler } = await import(process.argv[2]);
const context = { getRemainingTimeInMillis: () => 9000 };
const tokens = {
  good: await issuer.token({ scope: 'read' }),
  'without scope': await issuer.token(),
  none: undefined,
  forged: await issuer.wrongToken('other key', { scope: 'read' }),
  'of a key': await issuer.dpopToken({ scope: 'read' }),
  'of a certificate': await issuer.certificateToken({ scope: 'read' }),
};
for (const [name, token] of Object.entries(tokens)) {
  const event = await issuer.httpApiEvent({ route: 'GET /orders', token });
  const { statusCode } = await handler(event, context);
  process.stderr.write(name + ': ' + statusCode + '\\n');
}
`;

for (const [name, text] of Object.entries({ ...sources, 'caller.mjs': caller })) {
  writeFileSync(join(app, name), text);
}

const called = async (file: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['caller.mjs', `./${file}`], { cwd: app })).stderr;

/** As NodejsFunction of the CDK bundles, which leaves the SDK to Lambda. */
async function bundled(from: keyof typeof sources, format: Format, minify: boolean) {
  const outfile = `${from}-${format}-${minify}.${format === 'esm' ? 'mjs' : 'cjs'}`;
  await build({
    absWorkingDir: app,
    entryPoints: [from],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format,
    minify,
    external: ['@aws-sdk/*', '@smithy/*'],
  });
  return outfile;
}

const expected = `good: 200
without scope: 403
none: 401
forged: 401
of a key: 200
of a certificate: 200
`;

describe.concurrent('countersign/guard of dist/', () => {
  test.for(['orders.mjs', 'orders.cjs', 'middy.mjs'])(
    'guards %s without a bundle',
    async (file) => {
      expect(await called(file)).toBe(expected);
    },
  );

  test.for([
    ['orders.mjs', 'esm', true],
    ['orders.mjs', 'cjs', true],
    ['orders.mjs', 'esm', false],
    ['orders.cjs', 'cjs', true],
    ['middy.mjs', 'esm', true],
  ] as const)(
    'guards %s, bundled once more as %s, minified: %s',
    async ([from, format, minify]) => {
      expect(await called(await bundled(from, format, minify))).toBe(expected);
    },
  );

  test('says in one sentence that a function has no AccessTokenGuard', async () => {
    const alone = promisify(execFile)(process.execPath, ['orders.mjs'], { cwd: app, env: {} });
    await expect(alone).rejects.toThrow(
      /\nError: the environment variable COUNTERSIGN_API_IDS is missing: the function has no AccessTokenGuard\n/,
    );
    // Node shows the line that has thrown.
    const { stderr } = await alone.catch((failure) => failure);
    expect(stderr.length).toBeLessThan(3000);
  });
});
