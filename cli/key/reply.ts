import type { Done, Reply, ShownKey } from '../../functions/key-rotation/reply.ts';
import { custodies } from '../../functions/oauth/key-ring.ts';
import { isJsonObject, parsedJson } from '../io/json-answer.ts';

/**
 * Reads what the key rotation function answered.
 * @returns undefined when it is no reply that this version knows
 */
export function parseReply(payload: string): Reply | undefined {
  const reply = parsedJson(payload);
  return isReply(reply) ? reply : undefined;
}

/** Reads what Lambda says of a function that failed: never its stack trace. */
export function parseFunctionError(payload: string): string {
  const value = parsedJson(payload);
  const { errorType, errorMessage } = isJsonObject(value) ? value : {};
  const [message = ''] = String(errorMessage ?? '').split('\n', 1);
  return [errorType ?? 'Error', message].filter((part) => part !== '').join(': ');
}

/** Whether a text can be a kid: an RFC 7638 thumbprint by SHA-256. */
export const isKid = (text: string): boolean => /^[\w-]{43}$/.test(text);

type Fits = (value: unknown) => boolean;
/** What each member must be; names that are missing here may be anything. */
type Shape<Value> = { readonly [Name in keyof Value]-?: Fits };

const isText: Fits = (value) => typeof value === 'string';
// The last second of the year 9999.
const isTime: Fits = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 253_402_300_799;
const optional =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);
const oneOf =
  (...words: readonly string[]): Fits =>
  (value) =>
    words.some((word) => word === value);
const object =
  (shape: Readonly<Record<string, Fits>>): Fits =>
  (value) =>
    isJsonObject(value) && Object.entries(shape).every(([name, fits]) => fits(value[name]));

const key: Shape<ShownKey> = {
  kid: (value) => typeof value === 'string' && isKid(value),
  key_id: isText,
  alg: isText,
  // A function from before there were wrapped keys says nothing of it: they are in KMS.
  custody: optional(oneOf(...custodies)),
  state: oneOf('pending', 'active', 'retired', 'removed'),
  published_at: isTime,
  activated_at: optional(isTime),
  retired_at: optional(isTime),
  removed_at: optional(isTime),
  revoked: (value) => typeof value === 'boolean',
  deletes_at: optional(isTime),
  next_change: optional(object({ to: isText, at: isTime })),
};

const done: Shape<Done> = {
  outcome: oneOf('done'),
  keys: (value) => Array.isArray(value) && value.every(object(key)),
  kid: optional(key.kid),
  known_to_all_at: optional(isTime),
};

const isReply = (value: unknown): value is Reply =>
  object(done)(value) || object({ outcome: oneOf('refused'), reason: isText })(value);
