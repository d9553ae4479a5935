/** What the app says that bears on who may call its APIs. */
export interface Findings {
  /** One sentence for each thing that would let in the wrong ones, or that nobody can see. */
  readonly problems: readonly string[];
  /** One sentence for each thing that lets in the wrong ones if a backend is careless. */
  readonly warnings: readonly string[];
}
