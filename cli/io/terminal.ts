import type { Readable, Writable } from 'node:stream';
import { type Style, styled } from './colour.ts';
import { visible, visibleJson, visibleLines } from './visible.ts';

/** Where a command reads and writes. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** For the answer alone, so that it can be piped. */
  readonly output: Writable;
  /** For questions, notes and errors. */
  readonly notes: Writable;
}

/** What a command answers. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
  /** How words stand out with which a line of the text may begin. */
  readonly marks?: Readonly<Record<string, Style>>;
}

/** Writes the answer: one JSON value for programs, or what people read. */
export function answer({ output }: Terminal, json: boolean, value: Answer): void {
  const text = json ? visibleJson(value.json) : marked(output, value);
  output.write(`${text}\n`);
}

/** Tells something beside the answer. */
export function note({ notes }: Terminal, sentence: string): void {
  notes.write(`${marked(notes, { text: visible(sentence), marks: { 'warning:': 'yellow' } })}\n`);
}

/** Tells why there is no answer: to a program on one line, to people in a sentence with what to paste under it. */
export function failureNote(
  { notes }: Terminal,
  failure:
    | { readonly json: unknown }
    | { readonly message: string; readonly commands: readonly string[] },
): void {
  if ('json' in failure) {
    notes.write(`${visible(JSON.stringify(failure.json))}\n`);
    return;
  }
  const commands = failure.commands.map((command) => `  ${visible(command)}\n`);
  notes.write(
    `${styled(notes, 'red', 'error:')} ${visible(failure.message)}\n${commands.join('')}`,
  );
}

function marked(stream: Writable, { text, marks = {} }: Pick<Answer, 'text' | 'marks'>): string {
  const lines = visibleLines(text).split('\n');
  const mark = (line: string) => Object.keys(marks).find((word) => line.startsWith(word));
  return lines
    .map((line) => {
      const word = mark(line);
      const style = word !== undefined && marks[word];
      return style ? styled(stream, style, word) + line.slice(word.length) : line;
    })
    .join('\n');
}
