import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchors, localLinks, pages, read, root, sentences } from './pages.ts';

/** Why a link of a page leads nowhere; undefined: it leads somewhere. */
function problemOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || anchors(read(target)).has(anchor)) return undefined;
  return `${link}: ${target} has no such heading`;
}

describe.for(pages)('%s', (page) => {
  test('each link leads to a file and a heading that exist', () => {
    const problems = localLinks(read(page)).map((link) => problemOf(page, link));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  test('no sentence has more than 30 words', () => {
    const long = sentences(read(page)).filter((sentence) => sentence.split(/\s+/).length > 30);
    expect(long).toEqual([]);
  });
});

test('the README has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('each page is in the index, and the README leads to the index', () => {
  const index = localLinks(read('docs/README.md')).map((link) => `docs/${link}`);
  const listed = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(listed.filter((page) => !index.includes(page))).toEqual([]);
  expect(localLinks(read('README.md'))).toContain('docs/README.md');
});

test('links, anchors and sentences are told from what looks like them', () => {
  const page = [
    '# One `code` heading: with_marks',
    '',
    'A [link](a.md#b). Another [site](https://example.com) is',
    'no *local* one.',
    '',
    '- An item',
    '- Another one, with `code that has words`.',
    '',
    '| a [link](c.md) | in a table |',
    '',
    '```sh',
    '# no heading, and [no link](d.md)',
    '```',
  ].join('\n');
  expect([...anchors(page)]).toEqual(['one-code-heading-with_marks']);
  expect(localLinks(page)).toEqual(['a.md#b', 'c.md']);
  expect(sentences(page)).toEqual([
    'A [link].',
    'Another [site] is\nno *local* one.',
    'An item',
    'Another one, with Code.',
  ]);
  expect(problemOf('docs/README.md', 'nowhere.md')).toMatch(/there is no docs\/nowhere\.md/);
  expect(problemOf('docs/README.md', '#nothing')).toMatch(/has no such heading/);
});
