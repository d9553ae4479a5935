/**
 * Where the numbers of access tokens come from: each has one of its own, by which its place in a status list is
 * known.
 */
export interface NumberBlocks {
  /** Takes so many numbers that nobody else gets. @returns the first of them @throws RetryLater 503 */
  take(size: number): Promise<number>;
}

/** Tells how many numbers there are. */
export interface NumberCount {
  /** How many have been taken so far: all are less. @throws RetryLater 503 */
  taken(): Promise<number>;
}
