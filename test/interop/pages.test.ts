import { describe, expect, test } from 'vitest';
import { read } from '../docs/pages.ts';
import { allPrintedFiles, printedFiles, recipePages } from './pages/printed-files.ts';
import { clients, verifiers } from './recipes/all.ts';
import { cdkApps } from './recipes/cdk.ts';

const recipes = [...verifiers, ...clients];

describe('the recipes of the pages', () => {
  test('each block of code that has a name is run, and each that is run is printed once', async () => {
    const names = (await allPrintedFiles()).map(({ name }) => name).sort();
    expect(names).toEqual(
      [...new Set([...cdkApps, ...recipes].flatMap(({ files }) => files))].sort(),
    );
  });

  test('the words that take the place of others are on the page', () => {
    const text = recipePages.map((page) => read(`docs/${page}`)).join('\n');
    for (const { methods } of clients) {
      for (const [word, other] of Object.values(methods).flatMap((words) =>
        Object.entries(words),
      )) {
        expect(text).toContain(word);
        expect(text).toContain(other);
      }
    }
  });

  test('a block without a name is none', () => {
    const page = '```js a.mjs\none\n```\n\n```js\ntwo\n```\n\n```py b.py\nthree\nfour\n```\n';
    expect(printedFiles(page)).toEqual([
      { name: 'a.mjs', text: 'one\n' },
      { name: 'b.py', text: 'three\nfour\n' },
    ]);
  });
});
