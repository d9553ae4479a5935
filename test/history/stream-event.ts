import { marshall } from '@aws-sdk/util-dynamodb';
import { changeLine } from '../../functions/history/change-line.ts';
import { createHandler } from '../../functions/history/handler.ts';

type Item = Readonly<Record<string, unknown>>;

/** A write, as a test has it. */
export interface Write {
  readonly before?: Item;
  readonly after?: Item;
}

export const writtenAt = 1_700_000_000;

const options = { removeUndefinedValues: true, convertClassInstanceToMap: true };
const image = (item: Item | undefined) => item && marshall(item, options);

/** The event by which Lambda tells of writes. */
export const streamEvent = (...writes: readonly Write[]) => ({
  Records: writes.map(({ before, after }, index) => ({
    eventID: `${index}`,
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: writtenAt + index,
      Keys: marshall({ pk: (after ?? before)?.pk }),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
      SequenceNumber: `10000000000000000000${index}`,
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-central-1:111122223333:table/registry/stream/2026',
  })),
});

/** The lines that the function writes for an event. */
export async function linesOf(event: unknown): Promise<readonly string[]> {
  const lines: string[] = [];
  await createHandler((change) => lines.push(changeLine(change, '2026-01-01T00:00:00.000Z')))(
    event,
  );
  return lines;
}

/** What the lines tell. */
export const changesOf = async (...writes: readonly Write[]) =>
  (await linesOf(streamEvent(...writes))).map((line) => JSON.parse(line).change);
