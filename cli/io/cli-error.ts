/**
 * Why a command did not do what it was asked, in one sentence for the person who typed it.
 * Exit code 2: what was typed is wrong whatever the registry holds; 1: anything else.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;

  constructor(sentence: string, exitCode: 1 | 2 = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}
