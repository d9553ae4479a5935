import type { Closable } from './held.ts';

/** A service that answers AWS clients on this computer. */
export interface LocalService extends Closable {
  readonly endpoint: string;
}
