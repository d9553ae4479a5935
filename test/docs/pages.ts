import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '../..');

/** Pages that somebody writes, as paths from the checkout; what a command generates is left out. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md') && !['dpop-proofs.md', 'interop.md'].includes(name))
    .map((name) => `docs/${name}`),
];

/** The text of a file of the checkout. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A page without its code blocks, in which neither links nor headings count. */
const withoutCode = (markdown: string): string => markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** What `#` may name: headings in the spelling that the hosting site gives their anchors. */
export function anchors(markdown: string): ReadonlySet<string> {
  const headings = withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Targets of the links of a page, but for those that lead to other sites. */
export function localLinks(markdown: string): readonly string[] {
  const links = withoutCode(markdown).matchAll(/\]\(([^()\s]+)\)/g);
  return [...links].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** The sentences of a page's prose; code, tables and headings are left out. */
export function sentences(markdown: string): readonly string[] {
  const prose = withoutCode(markdown)
    .replaceAll(/^(\||#).*$/gm, '')
    // A piece of code is a word, whatever is in it; a link is its text.
    .replaceAll(/`[^`]+`/g, 'Code')
    .replaceAll(/\]\([^()\s]+\)/g, ']');
  const blocks = prose.split(/\n\s*\n|^\s*(?:-|\d+\.) /m);
  return blocks
    .flatMap((block) => block.trim().split(/(?<=[.!?]\**"?)\s+(?=[^a-z])/))
    .filter((sentence) => sentence !== '');
}
