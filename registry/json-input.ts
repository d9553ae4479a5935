import { RegistryError } from './registry-error.ts';

/** A JSON object that somebody wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads JSON.
 * @throws RegistryError with this sentence when it is none
 */
export function parseJson(text: string, sentence: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RegistryError('input', sentence);
  }
}
