import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Makes a folder that can be an asset, within the output of the synthesis.
 * @param files the texts of files by their names
 * @param base a folder whose files are in it, too, as they are
 */
export function folderWith(
  scope: Construct,
  files: Readonly<Record<string, string>>,
  base?: string,
): string {
  const stage = Stage.of(scope);
  if (stage === undefined) throw new Error('an asset can be made only within an App');
  const folder = resolve(stage.outdir, 'countersign', digestOf(JSON.stringify([files, base])));
  mkdirSync(folder, { recursive: true });
  if (base !== undefined) cpSync(base, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = resolve(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** A name for a text, the same on each computer. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);
