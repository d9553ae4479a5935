import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { removeOthers, writeBuilt } from '../../build/built-files.ts';
import { functionFolder } from '../../infra/package-files.ts';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'countersign-dist-'));
  return () => rmSync(dist, { recursive: true });
});

const file = (path: string, text: string) => ({ path, contents: Buffer.from(text) });
const inodeOf = (path: string): number => statSync(join(dist, path)).ino;

describe('dist/', () => {
  test('a file with the same bytes is left as it is, and another one is replaced as a whole', async () => {
    await writeBuilt(dist, [file('a/same.mjs', 'same'), file('a/other.mjs', 'old')]);
    const [same, other] = [inodeOf('a/same.mjs'), inodeOf('a/other.mjs')];
    await writeBuilt(dist, [file('a/same.mjs', 'same'), file('a/other.mjs', 'new')]);
    expect(inodeOf('a/same.mjs')).toBe(same);
    expect(inodeOf('a/other.mjs')).not.toBe(other);
    expect(readFileSync(join(dist, 'a/other.mjs'), 'utf8')).toBe('new');
  });

  test('has nothing unfinished in it when all is written', async () => {
    await writeBuilt(dist, [file('a.mjs', 'a')]);
    expect(readdirSync(dist)).toEqual(['a.mjs']);
  });

  test('builds at the same time come to the same end', async () => {
    const files = ['a.mjs', 'b/c.mjs'].map((path) => file(path, path));
    await Promise.all([1, 2, 3].map(() => writeBuilt(dist, files)));
    expect(readdirSync(dist).sort()).toEqual(['a.mjs', 'b']);
    expect(readFileSync(join(dist, 'b/c.mjs'), 'utf8')).toBe('b/c.mjs');
  });

  test('a whole build leaves nothing of an earlier one', async () => {
    await writeBuilt(dist, [file('a.mjs', 'a')]);
    writeFileSync(join(dist, 'chunk-of-yesterday.mjs'), '');
    await removeOthers(dist, [file('a.mjs', 'a')]);
    expect(readdirSync(dist)).toEqual(['a.mjs']);
  });

  test('a whole build leaves what another one is at', async () => {
    mkdirSync(join(dist, '.new-1'));
    writeFileSync(join(dist, '.new-1/0'), '');
    await removeOthers(dist, []);
    expect(readdirSync(join(dist, '.new-1'))).toEqual(['0']);
  });
});

test('a function that is not built is one sentence', () => {
  expect(() => functionFolder('no/such')).toThrow(
    /^\S+dist\/functions\/no\/such has no bundle: in a checkout of Countersign make it with npm run build, and as a package install countersign anew\.$/,
  );
});
