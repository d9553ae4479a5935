import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { Item } from '../aws/item.ts';

/** One write of the registry table, as its stream tells of it. */
export interface StreamRecord {
  /** By DynamoDB's clock; NumericDate. */
  readonly time: number;
  /** Its place in the stream, for good. */
  readonly sequence: string;
  readonly pk: string;
  /** Absent: there was no such item. */
  readonly before: Item | undefined;
  /** Absent: there no longer is. */
  readonly after: Item | undefined;
}

/** Reads what Lambda gets from a stream. What it cannot read stays in the list, as undefined: each is told of. */
export function readRecords(event: unknown): readonly (StreamRecord | undefined)[] {
  return v.parse(eventSchema, event).Records.map(readRecord);
}

const eventSchema = v.object({ Records: v.array(v.unknown()) });

const imageSchema = v.custom<Record<string, AttributeValue>>(
  (value) => typeof value === 'object' && value !== null,
);

const recordSchema = v.object({
  dynamodb: v.object({
    ApproximateCreationDateTime: v.number(),
    SequenceNumber: v.string(),
    Keys: v.object({ pk: v.object({ S: v.string() }) }),
    OldImage: v.optional(imageSchema),
    NewImage: v.optional(imageSchema),
  }),
});

function readRecord(record: unknown): StreamRecord | undefined {
  try {
    const { dynamodb } = v.parse(recordSchema, record);
    return {
      time: Math.floor(dynamodb.ApproximateCreationDateTime),
      sequence: dynamodb.SequenceNumber,
      pk: dynamodb.Keys.pk.S,
      before: plain(dynamodb.OldImage),
      after: plain(dynamodb.NewImage),
    };
  } catch {
    return undefined;
  }
}

const plain = (image: Record<string, AttributeValue> | undefined): Item | undefined =>
  image && unmarshall(image, { wrapNumbers });

/** A number that JavaScript has none for is no reason to lose a record. */
const wrapNumbers = (text: string): number | string =>
  String(Number(text)) === text ? Number(text) : text;
