import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BundledPackage } from './packages.ts';

/** Licences (SPDX) under which a package may be in a bundle: each asks for its text, and no more. */
const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** The texts of packages that bring none along, of their repositories. */
const textsElsewhere: readonly (readonly [start: string, file: string])[] = [
  ['@middy/', 'licences/middy.txt'],
  ['@aws-lambda-powertools/', 'licences/powertools.txt'],
];

/**
 * Writes the licences of all packages that are in the bundles, each text once.
 * @throws Error, one sentence, for a licence that is not allowed, and for one whose text nobody has
 */
export function licencesText(packages: readonly BundledPackage[]): string {
  const byText = Map.groupBy(packages, (one) => textOf(checked(one)));
  const parts = [...byText].map(([text, ofThis]) => {
    const names = ofThis.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${[...new Set(names)].join('\n')}\n\n${text}\n`;
  });
  return [introduction, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

const introduction = `The files in dist/ have code of these packages in them, under these licences.\n`;

function checked(one: BundledPackage): BundledPackage {
  if (allowed.includes(one.license)) return one;
  throw new Error(
    `${one.name} ${one.version} would be in a bundle, but its licence "${one.license}" is none of ` +
      `${allowed.join(', ')}: take another package, or have somebody judge the licence.`,
  );
}

function textOf({ name, version, license, texts }: BundledPackage): string {
  if (texts.length > 0) return texts.join('\n\n');
  const elsewhere = textsElsewhere.find(([start]) => name.startsWith(start))?.[1];
  if (elsewhere !== undefined) return read(join(import.meta.dirname, elsewhere));
  if (license === 'Apache-2.0') return read(resolve(import.meta.dirname, '../../LICENSE'));
  throw new Error(
    `${name} ${version} would be in a bundle, but has no file with its licence: add the text to ` +
      'build/third-party/licences.',
  );
}

const read = (path: string): string => readFileSync(path, 'utf8').trim();
