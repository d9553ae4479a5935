import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { zipOf } from './archive.ts';

/** A file or a folder that a template needs. */
export interface Asset {
  readonly packaging?: string;
  readonly fileName?: string;
  /** The path of its construct. */
  readonly displayName?: string;
}

/** The files that templates need, by their names in the bucket. */
export class Assets {
  readonly files = new Map<string, Uint8Array>();

  /**
   * Takes one.
   * @returns its name, which says what it has in it: what has changed is another file to CloudFormation
   */
  add({ packaging, fileName = '', displayName = '' }: Asset): string {
    const isFolder = packaging === 'zip';
    const bytes = isFolder ? zipOf(fileName) : readFileSync(fileName);
    const owner = displayName.replace(/^AuthorizationServer\/|\/Code$/g, '').replaceAll('/', '');
    const name = `${owner}-${sha256(bytes).slice(0, 32)}${isFolder ? '.zip' : extname(fileName)}`;
    this.files.set(name, bytes);
    return name;
  }
}

/** The digest of some bytes, in hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
