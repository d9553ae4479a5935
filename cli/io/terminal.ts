import type { Readable, Writable } from 'node:stream';
import Table from 'cli-table3';

/** Where a command reads and writes. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** For the answer alone, so that it can be piped. */
  readonly output: Writable;
  /** For questions, notes and errors. */
  readonly notes: Writable;
}

/** Writes the answer: one JSON value for programs, or what people read. */
export function answer(
  terminal: Terminal,
  json: boolean,
  value: { readonly json: unknown; readonly text: string },
): void {
  const text = json ? JSON.stringify(value.json, undefined, 2) : value.text;
  terminal.output.write(`${text}\n`);
}

/** Tells something beside the answer. */
export function note(terminal: Terminal, sentence: string): void {
  terminal.notes.write(`${printable(sentence)}\n`);
}

/** One row for each pair of a name and a value; a pair without a value is left out. */
export function pairs(rows: Readonly<Record<string, string | undefined>>): string {
  return table(
    [],
    Object.entries(rows).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A table without rules or colours, which is read by eye, grep and cut alike. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const plain = new Table({ head: [...head], chars: noRules, style: noColours });
  plain.push(...rows.map((row) => row.map(printable)));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A NumericDate for people. */
export function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** The lifetime of tokens for people; undefined: none of its own. */
export function lifetimeText(seconds: number | undefined): string {
  return seconds === undefined ? 'default' : `${seconds} s`;
}

/** Text without the control characters that would steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, '\u{FFFD}');
}

const noColours = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 };
const noRules = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
