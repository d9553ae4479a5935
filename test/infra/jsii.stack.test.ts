import { appendFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileByJsii } from './jsii-face.ts';

const index = resolve(import.meta.dirname, '../../infra/index.ts');

/** All that infra/index.ts exports. */
const exported = [...readFileSync(index, 'utf8').matchAll(/\{([^}]+)\} from/g)]
  .flatMap(([, names = '']) => [...names.matchAll(/[A-Z]\w+/g)])
  .map(([name]) => name);

/** What other languages do not get: errors have no classes of ours there, and a map has no name. */
const ofTypeScriptAlone = ['ConfigurationError', 'RouteScopes'];

describe('the public face keeps the rules of jsii, by which it can be carried into Python, Java and Go', () => {
  const patience = 240_000;

  test('as it is', { timeout: patience }, async () => {
    const { errors, types, undocumented } = await compileByJsii();
    expect(errors).toEqual([]);
    expect(undocumented).toEqual([]);
    const carried = exported.filter((name) => !ofTypeScriptAlone.includes(name));
    expect([...types].sort()).toEqual(carried.sort());
  });

  test('and a type that is computed, or a list that nobody may change, is found', {
    timeout: patience,
  }, async () => {
    const { errors } = await compileByJsii(
      adding([
        'export interface Broken { readonly map: Partial<Fine>; }',
        'export interface Fine { readonly list: readonly string[]; }',
      ]),
    );
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Only string-indexed map types are supported'),
        expect.stringContaining('Type "ReadonlyArray" cannot be used as the property type'),
      ]),
    );
  });

  test('and so is one of a few texts, by an alias, too', { timeout: patience }, async () => {
    const { errors } = await compileByJsii(
      adding([
        "export interface Broken { readonly word?: 'one' | 'two';",
        '  readonly other: Word;',
        "}\ntype Word = 'one' | 'two';",
      ]),
    );
    expect(errors).toEqual([
      'Broken.other is Word, and other languages get any string',
      "Broken.word is 'one' | 'two', and other languages get any string",
    ]);
  });
});

const adding = (lines: readonly string[]) => (folder: string) => {
  appendFileSync(join(folder, 'infra/index.ts'), lines.join('\n'));
};
