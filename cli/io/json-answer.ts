import { type Answer, header, NoAnswer } from './http.ts';

/** A JSON object as it arrived. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the JSON object that an answer must be.
 * @throws NoAnswer that says what came instead
 */
export function jsonObject(answer: Answer): JsonObject {
  const { status, body } = answer;
  if (status >= 300 && status <= 399) {
    throw new NoAnswer(`it answers ${status} to ${header(answer, 'location') ?? 'nowhere'}`);
  }
  const value = parsedJson(body);
  if (isJsonObject(value)) return value;
  if (body === '') throw new NoAnswer(`it answers ${status} without a body, not JSON`);
  const kind = /^\s*<(!doctype|html)/i.test(body) ? 'HTML' : 'something that is no JSON object';
  throw new NoAnswer(`it answers ${status} with ${kind}`);
}

/**
 * Whether API Gateway, or a proxy, answers in place of the deployment that there are too many requests:
 * with 429, and no error of OAuth.
 */
export const isThrottled = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === 429 && !(isJsonObject(body) && typeof body.error === 'string');

/** Reads JSON; undefined: it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a JSON object; undefined: it is none. */
export function parsedObject(text: string): JsonObject | undefined {
  const value = parsedJson(text);
  return isJsonObject(value) ? value : undefined;
}

const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
