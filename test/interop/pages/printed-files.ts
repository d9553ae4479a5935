import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../../../docs');

/** The pages whose code is run. */
export const recipePages = ['verify.md', 'introspection.md', 'client-recipes.md'] as const;

/** A block of code that has a name, as a page prints it. */
export interface PrintedFile {
  readonly name: string;
  readonly text: string;
}

/** The named blocks of code of a page: the second word after the fence is the name. */
export function printedFiles(markdown: string): readonly PrintedFile[] {
  const blocks = markdown.matchAll(/^```[a-z]+ (\S+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, name = '', text = '']) => ({ name, text }));
}

/** All that the pages print. */
export async function allPrintedFiles(): Promise<readonly PrintedFile[]> {
  const pages = await Promise.all(recipePages.map((page) => readFile(join(docs, page), 'utf8')));
  return pages.flatMap(printedFiles);
}
