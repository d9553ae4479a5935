/** Counts occurrences in a store that all instances share. */
export interface Counter {
  /** Adds one to the key and tells the sum; the key is forgotten after `expires_at` (NumericDate). */
  increment(key: string, expires_at: number): Promise<number>;
}
