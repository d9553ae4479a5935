import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { ForeignIssuer } from '../../infra/authorizer/foreign-issuer.ts';
import { environmentOf, scratchDirectory, scratchStack } from '../infra/synthesis.ts';
import { read, root } from './pages.ts';

/** Page -> what it has an owner write for a second issuer. */
const examples = [
  ['docs/guard-an-api.md', 1],
  ['docs/moving-from-cognito.md', 1],
  ['docs/moving-from-auth0.md', 1],
  ['docs/moving-from-keycloak.md', 1],
  ['docs/moving-from-hydra.md', 2],
].flatMap(([page, count]) => {
  const blocks = [...read(String(page)).matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    .map(([, block = '']) => block)
    .filter((block) => block.includes('ForeignIssuer'));
  return [{ page: String(page), count, blocks }];
});

const importLine = /^import .*\n/gm;

test.for(examples)('$page shows code that makes an authorizer', ({ count, blocks }) => {
  expect(blocks).toHaveLength(Number(count));
  const [whole = '', ...issuers] = blocks.map((block) => block.replace(importLine, ''));
  const stack = scratchStack();
  // What stands in the page is ours, and it is JavaScript.
  new Function('AccessTokenAuthorizer', 'ForeignIssuer', whole).call(
    stack,
    AccessTokenAuthorizer,
    ForeignIssuer,
  );
  const { FOREIGN_ISSUERS } = environmentOf(Template.fromStack(stack), 'AuthorizerFunction');
  const [told] = JSON.parse(String(FOREIGN_ISSUERS));
  expect(told.issuer).toMatch(/^https:/);
  for (const issuer of issuers) {
    const other = new Function('ForeignIssuer', `return ${issuer}`)(ForeignIssuer)._variable();
    expect(other.issuer).toBe(told.issuer);
  }
});

test('all of it is right by its types', async () => {
  const folder = scratchDirectory();
  for (const [number, block] of examples.flatMap(({ blocks }) => blocks).entries()) {
    const imports = [
      `import type { Construct } from 'constructs';`,
      `import { AccessTokenAuthorizer } from '${root}/infra/authorizer/access-token-authorizer.ts';`,
      `import { ForeignIssuer } from '${root}/infra/authorizer/foreign-issuer.ts';`,
    ];
    const body = `export function example(this: Construct): void {\n${block.replace(importLine, '')}}`;
    const used = 'export const used = [AccessTokenAuthorizer, ForeignIssuer];\n';
    writeFileSync(join(folder, `example-${number}.ts`), [...imports, body, used].join('\n'));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const tsconfig = { extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
  const checked = promisify(execFile)(process.execPath, [tsc, '--pretty', 'false'], {
    cwd: folder,
  });
  await expect(checked).resolves.toEqual({ stdout: '', stderr: '' });
});
