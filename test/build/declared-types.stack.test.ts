import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const dist = resolve(import.meta.dirname, '../../dist');

/** The modules that a declaration imports, and all that those import. */
function imported(path: string, found = new Set<string>()): ReadonlySet<string> {
  const source = readFileSync(path, 'utf8');
  for (const [, specifier = ''] of source.matchAll(/^(?:import|export) [^;]*?from '([^']+)';$/gm)) {
    if (found.has(specifier) && !specifier.startsWith('.')) continue;
    if (!specifier.startsWith('.')) found.add(specifier);
    const file = join(dirname(path), specifier).replace(/js$/, 'd.ts');
    if (specifier.startsWith('.') && !found.has(file)) imported(file, found.add(file));
  }
  return found;
}

describe('the types of what runs at an owner', () => {
  test.for(['guard/index.d.ts', 'guard/index.d.mts', 'testing/index.d.ts'])(
    '%s needs no package',
    (entry) => {
      const modules = [...imported(join(dist, entry))].filter((name) => !name.startsWith('/'));
      expect(modules.filter((name) => !isBuiltin(name))).toEqual([]);
    },
  );
});
