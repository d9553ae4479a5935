import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { region } from '../account/local-account.ts';

/** An item as DynamoDB's API has it. */
export type Image = Readonly<Record<string, AttributeValue>>;

/** A write of a table: what was there, and what is. */
export interface TableWrite {
  readonly table: string;
  readonly keys: Image;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

let last = 0n;

/** Grows with each write, over restarts too. */
function nextSequence(): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  last = now > last ? now : last + 1n;
  return String(last).padStart(21, '0');
}

/** A write as a record of its table's stream, in Lambda's form; undefined: it has changed nothing. */
export function streamRecord({ keys, before, after }: TableWrite, streamArn: string) {
  if (isDeepStrictEqual(before, after)) return undefined;
  const SequenceNumber = nextSequence();
  return {
    eventID: SequenceNumber,
    eventName: eventName(before, after),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
      Keys: keys,
      ...(before && { OldImage: before }),
      ...(after && { NewImage: after }),
      SequenceNumber,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  };
}

function eventName(before: Image | undefined, after: Image | undefined): string {
  if (!before) return 'INSERT';
  return after ? 'MODIFY' : 'REMOVE';
}
