/** An item as util-dynamodb's unmarshall gives it. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Readers of what an item should hold.
 * @throws Error when the item is not one that we wrote: better no token than a guess.
 */

export function record(value: unknown, name: string): Item {
  return typeof value === 'object' && value !== null ? { ...value } : malformed(name);
}

export function list(item: Item, name: string): readonly unknown[] {
  const value = item[name];
  return Array.isArray(value) ? value : malformed(name);
}

export function text(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : malformed(name);
}

export function optionalText(item: Item, name: string): string | undefined {
  return item[name] === undefined ? undefined : text(item, name);
}

export function number(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : malformed(name);
}

export function optionalNumber(item: Item, name: string): number | undefined {
  return item[name] === undefined ? undefined : number(item, name);
}

/** Reads a member that is one of a few words. */
export function oneOf<Word extends string>(item: Item, name: string, words: readonly Word[]): Word {
  const value = text(item, name);
  return words.find((word) => word === value) ?? malformed(name);
}

export function malformed(name: string): never {
  throw new Error(`registry item with a malformed ${name}`);
}
