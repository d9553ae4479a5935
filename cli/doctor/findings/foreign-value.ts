const mostCharacters = 200;

/** A text that somebody else wrote, cut to a length that a sentence can hold. */
export function shortened(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters).toWellFormed()}${ellipsis}`;
}

/** Stands for what was cut off. */
export const ellipsis = '…';

/** A value that somebody else wrote, as JSON, cut to a length that a sentence can hold; never throws. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  try {
    return shortened(JSON.stringify(value) ?? 'nothing');
  } catch {
    // JSON.parse reads a depth at which JSON.stringify overflows the stack.
    return Array.isArray(value) ? 'a list that is too deep to show' : 'a value that is too deep';
  }
}

/** A URL without what may be secret in it: user, password, query and fragment. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  return shortened(`${protocol}//${host}${pathname}`);
}
