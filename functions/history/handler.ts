import { type RegistryChange, registryChange } from './registry-change.ts';
import { readRecords } from './stream-record.ts';

/** Takes one change. Undefined: there was one, of which nothing can be read. */
export type TellChange = (change: RegistryChange | undefined) => void;

/**
 * Makes the handler of the registry's stream: it tells each change, in the order of the stream. It is given a batch
 * again when it throws, which a single record cannot have it do.
 */
export function createHandler(tell: TellChange) {
  return async (event: unknown): Promise<void> => {
    for (const record of readRecords(event)) {
      const change = record && (await registryChange(record));
      if (change || !record) tell(change);
    }
  };
}
