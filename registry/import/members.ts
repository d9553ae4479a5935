import { isObject, type JsonObject } from '../json-input.ts';
import { type ForeignDocument, type ForeignRecord, Unreadable } from './reading.ts';

/** Readers of what other systems write: absent, null and '' are the same to them. */

/**
 * A text.
 * @throws Unreadable when it is something else
 */
export function text(record: JsonObject, name: string): string | undefined {
  const value = record[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new Unreadable(`${name}: it must be text`);
}

/**
 * A text that must be there.
 * @throws Unreadable when it is not
 */
export function neededText(record: JsonObject, name: string): string {
  const value = text(record, name);
  if (value !== undefined) return value;
  throw new Unreadable(`${name}: it is missing`);
}

/**
 * A list of texts; none where there is none.
 * @throws Unreadable when it is something else
 */
export function texts(record: JsonObject, name: string): readonly string[] {
  const value = record[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new Unreadable(`${name}: it must be a list of texts`);
}

/**
 * Texts with spaces between, as `scope` has them.
 * @throws Unreadable when it is something else
 */
export const words = (record: JsonObject, name: string): readonly string[] =>
  (text(record, name) ?? '').split(' ').filter((word) => word !== '');

/** A number; a text of digits is one, too. */
export function wholeNumber(record: JsonObject, name: string): number | undefined {
  const value = record[name];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new Unreadable(`${name}: it must be a whole number`);
}

/** Whether it is `true`, or the text of it. */
export const flag = (record: JsonObject, name: string): boolean =>
  record[name] === true || record[name] === 'true';

/** An object; an empty one where there is none. */
export function object(record: JsonObject, name: string): JsonObject {
  const value = record[name];
  return isObject(value) ? value : {};
}

/** The objects of a list; none where there is none. */
export function objects(record: JsonObject, name: string): readonly JsonObject[] {
  const value = record[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * The records of a list, or of one that stands alone. What is no object is a record without members, so that
 * its place is named.
 */
export function recordsAt(place: string, value: unknown): readonly ForeignRecord[] {
  if (!Array.isArray(value)) return [{ place, value: isObject(value) ? value : {} }];
  return value.flatMap((item, index) => recordsAt(`${place}[${index}]`, item));
}

/** The records below members of these names, at any depth of lists, and those that have none of them. */
export function recordsOf(
  documents: readonly ForeignDocument[],
  names: readonly string[],
): readonly ForeignRecord[] {
  return documents
    .flatMap(({ place, value }) => recordsAt(place, value))
    .flatMap((record) => {
      const present = names.filter((name) => name in record.value);
      if (present.length === 0) return [record];
      return present.flatMap((name) => recordsAt(`${record.place} ${name}`, record.value[name]));
    });
}
