/**
 * What a reader does not see as it is: it steers his terminal, turns text round, parts lines, hides, or
 * is no character at all.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text on one line, in which all that cannot be seen is written out as in JSON: `\u202e`. */
export const visible = (text: string): string => text.replaceAll(unseen, writtenOut);

/** The same of lines that we have laid out ourselves. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** A value as JSON, laid out, with all that cannot be seen escaped (RFC 8259 §7): it stays the same. */
export const visibleJson = (value: unknown): string =>
  visibleLines(JSON.stringify(value, undefined, 2));

const writtenOut = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
