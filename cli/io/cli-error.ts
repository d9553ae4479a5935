import type { ErrorCode } from './error-codes.ts';

/** What a program, or a person with a clipboard, may be told beside the sentence. */
interface Details extends ErrorOptions {
  /** @default by the exit code: `failed` or `wrong_usage` */
  readonly code?: ErrorCode;
  /** Options to choose from: each makes the command right that was typed. */
  readonly choices?: readonly string[];
}

/**
 * Why a command did not do what it was asked, in one sentence for the person who typed it.
 * Exit code 2: what was typed is wrong whatever the registry holds; 1: anything else.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;
  readonly code: ErrorCode;
  readonly choices: readonly string[];

  constructor(
    sentence: string,
    exitCode: 1 | 2 = 1,
    { code, choices = [], ...options }: Details = {},
  ) {
    super(sentence, options);
    this.exitCode = exitCode;
    this.code = code ?? (exitCode === 2 ? 'wrong_usage' : 'failed');
    this.choices = choices;
  }
}
