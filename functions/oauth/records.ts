/** Records of one kind, found by their identifier. */
export interface Records<Kind extends object> {
  /**
   * Finds a record; it may have been remembered for a while.
   * @throws RetryLater 503 when it cannot be told whether there is one
   */
  find(id: string): Promise<Kind | undefined>;
  /** The record as it is now, where the one that was found had been remembered; else that one. */
  renewed(id: string, found: Kind | undefined): Promise<Kind | undefined>;
}
