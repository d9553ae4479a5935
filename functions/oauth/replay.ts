/** Remembers what may be used once, in a store that all instances share. */
export interface ReplayGuard {
  /**
   * Whether this is the first use of the identifier; it is forgotten after `expires_at`
   * (NumericDate). Fails with `temporarily_unavailable` when it cannot tell.
   */
  firstUse(identifier: string, expires_at: number): Promise<boolean>;
}
