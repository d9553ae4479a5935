import * as v from 'valibot';

/** An item as util-dynamodb's unmarshall gives it. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Reads an item of the registry by its schema.
 * @throws Error when the item is not one that we wrote: better no token than a guess. It names the
 *   item and each member that is wrong, and no value: that could be the hash of a secret.
 */
export function parseItem<Schema extends v.GenericSchema>(
  schema: Schema,
  item: Item,
): v.InferOutput<Schema> {
  // An attribute __proto__ becomes what the item inherits: members that nobody sees who looks at it.
  if (Object.getPrototypeOf(item) !== Object.prototype) {
    throw new Error(`registry item ${item.pk}: malformed __proto__`);
  }
  const { success, output, issues } = v.safeParse(schema, item);
  if (success) return output;
  throw new Error(`registry item ${item.pk}: ${problems(issues)}`);
}

/** Says which members are missing or malformed, without what they are. */
export function problems(issues: readonly v.BaseIssue<unknown>[]): string {
  const problem = (issue: v.BaseIssue<unknown>): string =>
    `${issue.input === undefined ? 'missing' : 'malformed'} ${v.getDotPath(issue) ?? 'whole'}`;
  return issues.map(problem).join(', ');
}

/** A member that may be missing; what is read has it all the same, as undefined. */
export const maybe = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(schema, () => undefined);
