import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Output of a call -> the Date header of the answer that it came with (RFC 9110 §6.6.1). */
const dates = new WeakMap<object, unknown>();

/** Has a client keep the Date header of its answers, for `answerDate`. It must not have been used before. */
export function keepAnswerDates(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call);
      if (result.output) dates.set(result.output, headersOf(result.response).date);
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'keepAnswerDates', override: true },
  );
}

const headersOf = (response: unknown): Readonly<Record<string, unknown>> =>
  (response as { readonly headers: Readonly<Record<string, unknown>> }).headers;

/**
 * When an answer was given, by the clock of who gave it (NumericDate).
 * @throws Error when it does not say so in the one form that servers write
 */
export function answerDate(output: object): number {
  const date = dates.get(output);
  if (typeof date !== 'string' || !imfFixdate.test(date)) throw new Error(`no Date in an answer`);
  const time = Date.parse(date);
  if (Number.isNaN(time)) throw new Error('a Date in an answer that is none');
  return time / 1000;
}

/** RFC 9110 §5.6.7 */
const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
