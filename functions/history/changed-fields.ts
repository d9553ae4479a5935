import { isDeepStrictEqual } from 'node:util';
import type { Item } from '../aws/item.ts';
import { bookkeeping, type ShownMembers } from './shown-members.ts';

/** A member that changed, as far as it is told; of a list or an object, what is different. */
interface ChangedField {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a write has changed. */
export interface Difference {
  readonly fields: readonly ChangedField[];
  /** Members that changed in what is not told: a secret's hash, something long, a member that nobody knows. */
  readonly untold: readonly string[];
}

/** Compares an item before and after a write. */
export async function changedFields(
  before: Item,
  after: Item,
  shown: ShownMembers,
): Promise<Difference> {
  const names = Object.keys({ ...before, ...after })
    .filter((name) => !bookkeeping.has(name) && !isDeepStrictEqual(before[name], after[name]))
    .toSorted();
  const fields = await Promise.all(
    names.map(async (name): Promise<ChangedField> => {
      const show = Object.hasOwn(shown, name) ? shown[name] : undefined;
      const of = (item: Item) => (Object.hasOwn(item, name) && show ? show(item[name]) : undefined);
      return { name, ...different(await of(before), await of(after)) };
    }),
  );
  const told = fields.filter(isTold);
  const untold = fields.filter((field) => !isTold(field)).map(({ name }) => name.slice(0, 100));
  return { fields: told, untold: shortened([...inherited(before, after), ...untold]) };
}

/** An attribute of this name becomes what an object inherits: whoever reads a member of it finds those. */
const inherited = (...items: readonly Item[]): readonly string[] =>
  items.every((item) => Object.getPrototypeOf(item) === Object.prototype) ? [] : ['__proto__'];

/** An item has room for thousands of names that nobody knows. */
const mostNames = 100;

const shortened = (names: readonly string[]): readonly string[] =>
  names.length <= mostNames
    ? names
    : [...names.slice(0, mostNames), `${names.length - mostNames} more`];

function different(before: unknown, after: unknown): Omit<ChangedField, 'name'> {
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length * after.length > mostPairs) return { before, after };
    return { before: without(before, after), after: without(after, before) };
  }
  if (isObject(before) && isObject(after)) {
    return { before: differing(before, after), after: differing(after, before) };
  }
  return { before, after };
}

/** Entries that are compared each with each: of two long lists it would take minutes. */
const mostPairs = 40_000;

const without = (list: readonly unknown[], others: readonly unknown[]): readonly unknown[] =>
  list.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other)));

const differing = (object: object, other: object): object => {
  const others = new Map(Object.entries(other));
  return Object.fromEntries(
    Object.entries(object).filter(([name, value]) => !isDeepStrictEqual(value, others.get(name))),
  );
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Bytes of a value as JSON: a line of CloudWatch Logs has a quarter of a megabyte, and is cut behind that. */
const longest = 3500;

const isTold = ({ before, after }: ChangedField): boolean =>
  !isDeepStrictEqual(before, after) && isShort(before) && isShort(after);

const isShort = (value: unknown): boolean =>
  Buffer.byteLength(JSON.stringify(value) ?? '') <= longest;
