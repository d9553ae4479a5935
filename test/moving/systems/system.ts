import type { SourceName } from '../../../registry/import/sources.ts';

/** A system that machines move away from. */
export interface MovingSystem {
  readonly title: string;
  readonly source: SourceName;
  /** Why it cannot run here; undefined: it can. */
  readonly missing: string | undefined;
  /**
   * Runs it with the machines as its clients, for as long as it is used, and has it give them out.
   * @param folder an empty one
   * @param use is given the token endpoint
   * @returns the files that it gives
   */
  move(folder: string, use: (tokenEndpoint: string) => Promise<void>): Promise<readonly string[]>;
}
