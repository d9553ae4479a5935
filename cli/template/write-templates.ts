import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnerSettings } from '../../infra/template/setting-parameters.ts';
import { templates } from '../../infra/template/templates.ts';
import manifest from '../../package.json' with { type: 'json' };
import { Assets, sha256 } from './assets.ts';
import { templateText } from './template-text.ts';

/** What is to be written, and where. */
export interface TemplateFolder {
  readonly folder: string;
  /** What the owner has set; the rest is as by default. */
  readonly settings: OwnerSettings;
}

/** A file that was written. */
export interface WrittenFile {
  /** Below the folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const assetFolder = 'assets';
const sumsFile = 'SHA256SUMS';

/** Why nothing was written. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/**
 * Writes the templates, what they need, and the digests of all: the same bytes for the same settings. A folder
 * that it has written before is written anew, and files of other contents stay in it.
 * @throws ConfigurationError when a setting is wrong; FolderError when there are other files, or none can be
 *   written
 */
export function writeTemplates({ folder, settings }: TemplateFolder): readonly WrittenFile[] {
  checkFolder(folder);
  const files = filesOf(settings);
  const written = files.map(({ path, content }) => ({
    path,
    bytes: content.length,
    sha256: sha256(content),
  }));
  const sums = written.map((file) => `${file.sha256}  ${file.path}\n`).join('');
  attempt(folder, () => {
    for (const one of [folder, join(folder, assetFolder)]) makeFolder(one);
    for (const { path, content } of files) writeFileSync(join(folder, path), content);
    writeFileSync(join(folder, sumsFile), sums);
  });
  return written;
}

function filesOf(settings: OwnerSettings) {
  const assets = new Assets();
  const made = templates({
    settings,
    version: manifest.version,
    addAsset: (asset) => assets.add(asset),
  }).map(({ name, template }) => ({
    path: `${name}.template.json`,
    content: Buffer.from(templateText(Object(template))),
  }));
  const needed = [...assets.files].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...made,
    ...needed.map(([name, content]) => ({ path: `${assetFolder}/${name}`, content })),
  ];
}

function checkFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const present = attempt(folder, () => readdirSync(folder));
  if (present.length === 0 || present.includes(sumsFile)) return;
  throw new FolderError(
    `${folder} has other files in it: name a new folder, or one that countersign template has written.`,
  );
}

// Not recursive: for a folder that nobody can make, such as one in /proc, Node would try for ever.
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
}

function attempt<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new FolderError(`cannot write to ${folder}: ${reasons[code] ?? code}`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'there is a file where a folder should be',
  ENOENT: 'there is no folder that it could be in',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'you may not write there',
  ENOSPC: 'the disk is full',
};
