/** Something that is not yet as a deployment needs it, and how it is made so. */
export interface Step {
  /** What is done, for people: a sentence without a subject. */
  readonly what: string;
  readonly take: () => Promise<unknown>;
}
