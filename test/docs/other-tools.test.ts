import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localLinks, read, root } from './pages.ts';

const page = 'docs/other-tools.md';

/** The blocks of code that name the file which they are part of. */
const blocks = [...read(page).matchAll(/^```\w+ (attach\/\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, file = '', text = '']) => ({ file, text }),
);

/** What a reader copies, by the tool. */
const snippets = [
  'cloudformation/*.yaml',
  'sam/*.yaml',
  'serverless/*/serverless.yml',
  'terraform/examples/*/main.tf',
  'cdk-python/*_api{,_jwt}.py',
].map((pattern) => globSync(pattern, { cwd: join(root, 'attach') }));

describe('the page of other tools', () => {
  test.for(blocks)('has a block that is part of $file, line by line', ({ file, text }) => {
    expect(`\n${read(file)}`).toContain(`\n${text}`);
  });

  test('has a block of each tool, for both kinds of APIs', () => {
    const tools = readdirSync(join(root, 'attach'));
    const shown = (tool: string) =>
      new Set(blocks.map(({ file }) => file).filter((file) => file.startsWith(`attach/${tool}/`)));
    expect(tools.filter((tool) => shown(tool).size < 2)).toEqual([]);
  });

  test('leads to each snippet, and each tool has three', () => {
    const linked = localLinks(read(page));
    for (const files of snippets) {
      expect(files).toHaveLength(3);
      expect(linked).toEqual(expect.arrayContaining(files.map((file) => `../attach/${file}`)));
    }
  });
});

test('the snippets of one tool have the same challenges, identity sources and origins as those of the others', () => {
  const common = {
    'rest-api': ['context.authorizer.wwwAuthenticate', 'Bearer realm=', 'resourcePath'],
    'http-api': ['routeKey', 'httpMethod', 'https://shop.example.com', '/orders/{id}'],
  };
  for (const [kind, texts] of Object.entries(common)) {
    const files = snippets.flat().filter((file) => file.replaceAll('_', '-').match(`${kind}[./]`));
    const bodies = files.map((file) => ({ file, text: withModules(file, kind) }));
    expect(bodies).toHaveLength(5);
    for (const { file, text } of bodies) {
      expect(
        texts.filter((part) => !text.includes(part)),
        file,
      ).toEqual([]);
    }
  }
});

/** The example of a module says with it what it does. */
function withModules(file: string, kind: string): string {
  const module = file.startsWith('terraform/') ? read(`attach/terraform/${kind}/main.tf`) : '';
  return read(`attach/${file}`) + module;
}
