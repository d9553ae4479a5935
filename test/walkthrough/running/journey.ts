import type { Tool } from '../../tools/installation/tool.ts';

/** What a person does from an empty folder to a call of an API that is guarded. */
export interface Journey {
  readonly title: string;
  /** The folder, which is empty at first. */
  readonly folder: string;
  /** What is to be known of it. */
  readonly about: string;
  /** What does not come by npm; without it the journey is left out. */
  readonly needs?: readonly Tool[];
  readonly steps: readonly Step[];
}

/** One thing that is done. */
export type Step = Command | WrittenFile;

/** A line for a shell. */
export interface Command {
  readonly command: string;
  /** What it has to print. */
  readonly prints?: RegExp;
  /** Variables of later commands, from what it printed. */
  readonly gives?: Readonly<Record<string, RegExp>>;
  /** Which stacks the two domains lead to from then on. */
  readonly leads?: { readonly issuer?: ApiPlace; readonly api?: ApiPlace };
}

/** The API of a stack; the first one whose logical id begins so. */
export interface ApiPlace {
  readonly stack: string;
  readonly prefix?: string;
  readonly kind?: 'HTTP' | 'REST';
}

/** A file that an editor has written. */
interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

/** What became of a step. */
export type Outcome = WrittenFile | Ran;

/** A command that has run to its end. */
export interface Ran {
  readonly command: string;
  /** Without secrets. */
  readonly printed: string;
  readonly seconds: number;
}

/** A journey that has come to its end. */
export interface Travelled {
  readonly title: string;
  readonly about: string;
  readonly outcomes: readonly Outcome[];
}
