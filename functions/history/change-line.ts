import type { RegistryChange } from './registry-change.ts';

/** The `service` of these lines, beside that of functions that requests go to. */
export const historyService = 'history';

/**
 * One change as a line of the log. Whatever a value holds, it stays one line, and is shown in the order in which it
 * is stored.
 */
export function changeLine(change: RegistryChange | undefined, timestamp: string): string {
  const level = change ? 'INFO' : 'ERROR';
  const told = change ?? { action: 'unreadable' };
  const line = { level, timestamp, service: historyService, change: told };
  return JSON.stringify(line).replaceAll(breaking, escaped);
}

// What JSON lets through: other controls, line breaks of Unicode, and what turns the direction of text.
const breaking = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
