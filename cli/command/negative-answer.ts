/**
 * A command has printed its answer, and the answer is no: problems were found, a JWT is not let in, or something would
 * change.
 */
export class NegativeAnswer extends Error {
  override readonly name = 'NegativeAnswer';
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2 = 1) {
    super();
    this.exitCode = exitCode;
  }
}
