import type { RegistryChange } from './registry-change.ts';

/** The `service` of these lines, beside that of functions that requests go to. */
export const historyService = 'history';

/**
 * One change as a line of the log. Whatever a value holds, it stays one line, and is shown in the order in which it
 * is stored.
 */
export function changeLine(change: RegistryChange | undefined, timestamp: string): string {
  const level = change ? 'INFO' : 'ERROR';
  const written = (told: object): string =>
    JSON.stringify({ level, timestamp, service: historyService, change: told }).replaceAll(
      breaking,
      escaped,
    );
  const line = written(change ?? { action: 'unreadable' });
  if (!change || Buffer.byteLength(line) <= longestLine) return line;
  const names = change.fields.map(({ name }) => name);
  return written({ ...change, fields: [], untold: [...names, ...change.untold] });
}

/** Bytes. Lambda parts what is longer than a quarter of a megabyte, and a part is no line that anybody can read. */
const longestLine = 200_000;

// What JSON lets through: other controls, line breaks of Unicode, and what turns the direction of text.
const breaking = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
