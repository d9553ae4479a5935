import * as v from 'valibot';
import type { NextChange, Reply, ShownKey } from '../../functions/key-rotation/reply.ts';
import { custodies } from '../../functions/oauth/key-ring.ts';
import { foreign } from '../io/foreign.ts';
import { parsedJson } from '../io/json-answer.ts';
import { keyStates } from './key-states.ts';
import { isKid } from './kid.ts';

/**
 * Reads what the key rotation function answered. Members that this version does not know are kept: a
 * newer function may tell more.
 * @returns undefined when it is no reply that this version knows
 */
export function parseReply(payload: string): Reply | undefined {
  const reply = v.safeParse(replySchema, parsedJson(payload));
  return reply.success ? reply.output : undefined;
}

/** Reads what Lambda says of a function that failed: never its stack trace. */
export function parseFunctionError(payload: string): string {
  const error = v.safeParse(functionErrorSchema, parsedJson(payload));
  const { errorType, errorMessage } = error.success ? error.output : {};
  const [message = ''] = String(errorMessage ?? '').split('\n', 1);
  return foreign([errorType ?? 'Error', message].filter((part) => part !== '').join(': '));
}

const functionErrorSchema = v.object({
  errorType: v.optional(v.unknown()),
  errorMessage: v.optional(v.unknown()),
});

const kid = v.pipe(v.string(), v.check(isKid));
// NumericDate, to the last second of the year 9999.
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799));
// JSON has no undefined: what is so in the reply is left out of the payload.
const optionalTime = v.optional(time, () => undefined);

const keySchema = v.looseObject({
  kid,
  key_id: v.string(),
  alg: v.string(),
  // A function from before there were wrapped keys says nothing of it: they are in KMS.
  custody: v.optional(v.picklist(custodies), 'kms'),
  state: v.picklist(keyStates),
  published_at: time,
  activated_at: optionalTime,
  retired_at: optionalTime,
  removed_at: optionalTime,
  revoked: v.boolean(),
  deletes_at: optionalTime,
  next_change: v.optional(
    v.looseObject({
      to: v.custom<NextChange['to']>((value) => typeof value === 'string'),
      at: time,
    }),
    () => undefined,
  ),
}) satisfies v.GenericSchema<unknown, ShownKey>;

const replySchema = v.variant('outcome', [
  v.looseObject({
    outcome: v.literal('done'),
    keys: v.array(keySchema),
    kid: v.optional(kid),
    // A function of before tells of none.
    strangers: v.optional(v.array(v.looseObject({ key_id: v.string(), reason: v.string() }))),
    strangers_left_out: v.optional(v.number()),
    known_to_all_at: v.optional(time),
  }),
  v.looseObject({ outcome: v.literal('refused'), reason: v.string() }),
]) satisfies v.GenericSchema<unknown, Reply>;
