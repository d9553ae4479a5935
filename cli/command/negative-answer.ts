/** A command has printed its answer, and the answer is no: problems were found, or a JWT is not let in. */
export class NegativeAnswer extends Error {
  override readonly name = 'NegativeAnswer';
}
