import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { publishedPackages } from '../../build/dist.ts';
import { licencesText } from '../../build/third-party/licences.ts';

const dist = resolve(import.meta.dirname, '../../dist');

// The libraries are not minified: esbuild says above each module where it comes from.
const libraries = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.[cm]?js$/.test(path) && !path.startsWith('functions'),
);
const named = libraries.flatMap((path) =>
  [
    ...readFileSync(join(dist, path), 'utf8').matchAll(
      /^\s*\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
    ),
  ].map(([, name = '']) => name),
);

test('each package that a published file has code of is listed, with its licence', async () => {
  const packages = await publishedPackages();
  const names = packages.map(({ name }) => name);
  expect([...new Set(named)].filter((name) => !names.includes(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(['jose', '@middy/core', '@aws-sdk/client-kms']));
  expect(names).not.toContain('aws-cdk-lib');
  const text = licencesText(packages);
  for (const { name, version } of packages) expect(text).toContain(`\n${name} ${version} (`);
});
