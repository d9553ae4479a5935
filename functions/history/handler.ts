import { type RegistryChange, registryChange } from './registry-change.ts';
import { readRecords, type StreamRecord } from './stream-record.ts';

/** Takes one change. Undefined: there was one, of which nothing can be read. */
export type TellChange = (change: RegistryChange | undefined) => void;

/**
 * Makes the handler of the registry's stream: it tells each change, in the order of the stream. It is given a batch
 * again when it throws, which a single record cannot have it do.
 */
export function createHandler(tell: TellChange) {
  return async (event: unknown): Promise<void> => {
    for (const record of readRecords(event)) {
      const change = await changeOf(record);
      if (change !== 'announced') tell(change);
    }
  };
}

/** Whoever may write into the table must not be able to keep its history from going on. */
async function changeOf(
  record: StreamRecord | undefined,
): Promise<RegistryChange | 'announced' | undefined> {
  if (!record) return undefined;
  try {
    return (await registryChange(record)) ?? 'announced';
  } catch {
    return undefined;
  }
}
