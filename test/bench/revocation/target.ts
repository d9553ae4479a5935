/** A deployment whose tokens are taken back, and an API that should refuse them. */
export interface Target {
  readonly issuer: string;
  /** A route of the API that needs the scope `read`. */
  readonly api: string;
  /** The identifier of the API. */
  readonly resource: string;
  /** What the API answers to who is refused. */
  readonly refusals: readonly number[];
  /**
   * Runs `countersign` with these arguments, and gives its JSON.
   * @throws Error when it does not end well
   */
  command(parameters: readonly string[]): Promise<unknown>;
}
