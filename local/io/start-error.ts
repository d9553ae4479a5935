/** Why the local stack does not start, in one sentence for the person who typed `npm start`. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** 2: wrong usage; 1: anything else. */
  readonly exitCode: 1 | 2;

  constructor(sentence: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}
