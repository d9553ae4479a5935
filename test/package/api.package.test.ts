import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { compile, nodes } from './support/owner-app.ts';
import { run } from './support/run.ts';

const owner = inject('owner');
const everyNode = Object.entries(nodes);

/** Makes a folder for the functions of an API, and what compiles them to ES modules. */
function makeApi(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(owner, name);
  mkdirSync(folder);
  const compilerOptions = {
    target: 'ES2022',
    lib: ['es2022'],
    module: 'NodeNext',
    strict: true,
    types: ['node'],
    typeRoots: [join(owner, 'node_modules/@types')],
    rewriteRelativeImportExtensions: true,
    outDir: 'out',
  };
  const tsconfig = JSON.stringify({ compilerOptions, include: ['*.ts', '*.mts'] });
  const all = { ...files, 'package.json': '{"type":"module"}', 'tsconfig.json': tsconfig };
  for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text);
  return folder;
}

describe('the example of docs/test-your-api.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/test-your-api.md'), 'utf8');
  const blocks = [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```/gm)];
  const folder = makeApi(
    'documented-api',
    Object.fromEntries(blocks.map(([, file = '', text = '']) => [file, text])),
  );

  // Every declaration is read: those of the package need none of another one.
  beforeAll(async () => void (await compile(folder, 'typescript', ['--skipLibCheck', 'false'])));

  test.for(everyNode)('runs on Node %s, with node:test', async ([, node]) => {
    const arguments_ = ['--test', '--test-reporter=tap', 'out/orders.test.js'];
    const { stdout } = await run(node, arguments_, { cwd: folder });
    expect(stdout).toMatch(/^# pass 13$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });
});

describe('jest, in CommonJS', () => {
  const folder = makeApi('jest-api', {
    'jest.config.json': JSON.stringify({ testMatch: ['**/*.test.cjs'] }),
    'orders.cjs': `const { guard } = require('countersign/guard');
exports.handler = guard(async () => ({ statusCode: 200 }));`,
    'orders.test.cjs': `const { testIssuer, wrongTokens } = require('countersign/testing');
const route = 'GET /orders';
let issuer;
let handler;
beforeAll(async () => {
  issuer = await testIssuer();
  await issuer.listen();
  Object.assign(process.env, issuer.guardEnvironment({ routes: { [route]: ['read'] } }));
  ({ handler } = require('./orders.cjs'));
});
afterAll(() => issuer.close());
const status = async (token) => (await handler(await issuer.httpApiEvent({ route, token }))).statusCode;
test('a token', async () => expect(await status(await issuer.token({ scope: 'read' }))).toBe(200));
test('a key', async () => expect(await status(await issuer.dpopToken({ scope: 'read' }))).toBe(200));
test('a certificate', async () =>
  expect(await status(await issuer.certificateToken({ scope: 'read' }))).toBe(200));
test.each(wrongTokens)('%s', async (wrong) =>
  expect(await status(await issuer.wrongToken(wrong, { scope: 'read' }))).toBe(401));`,
  });

  test.for(everyNode)('runs a guard against testIssuer() on Node %s', async ([, node]) => {
    const jest = join(owner, 'node_modules/jest/bin/jest.js');
    const { stderr } = await run(node, [jest, '--rootDir', folder, '--silent'], { cwd: folder });
    expect(stderr).toMatch(/^Tests: +12 passed, 12 total$/m);
  });
});

describe.for(['4', '5', '6', '7'])('middy %s', (version) => {
  const folder = makeApi(`middy-${version}-api`, {
    'orders.mts': `import { accessTokenGuard } from 'countersign/guard';
import middy from 'middy-${version}';

interface OrdersEvent {
  readonly requestContext: { readonly authorizer: { readonly lambda: { readonly client_id: string } } };
}

export const handler = middy<OrdersEvent, { statusCode: number; body: string }>()
  .use(accessTokenGuard())
  .handler(async (event) => ({
    statusCode: 200,
    body: event.requestContext.authorizer.lambda.client_id,
  }));
`,
    'call.mjs': `import { testIssuer } from 'countersign/testing';
const issuer = await testIssuer();
await issuer.listen();
const route = 'GET /orders';
Object.assign(process.env, issuer.guardEnvironment({ routes: { [route]: [] }, dpopNonce: 'required' }));
const { handler } = await import('./out/orders.mjs');
const context = { getRemainingTimeInMillis: () => 9000 };
const answer = async (token, nonce) =>
  await handler(await issuer.httpApiEvent({ route, token, nonce }), context);
const bound = await issuer.dpopToken();
const told = await answer(bound);
const let_in = await answer(bound, told.headers['DPoP-Nonce']);
const none = await answer(undefined);
process.stderr.write([told.statusCode, let_in.statusCode, let_in.body, 'DPoP-Nonce' in let_in.headers, none.statusCode].join());
`,
  });

  // middy 7 has types of a package that it does not bring along.
  beforeAll(async () => void (await compile(folder, 'typescript', ['--skipLibCheck', 'true'])));

  test.for(everyNode)('takes the guard by its types, and runs it on Node %s', async ([, node]) => {
    const { stderr } = await run(node, ['call.mjs'], { cwd: folder });
    expect(stderr).toBe('401,200,test-client,true,401');
  });
});
