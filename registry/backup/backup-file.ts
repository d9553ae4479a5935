import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { RegistryError } from '../registry-error.ts';

/** An item in the form in which DynamoDB sends it: each value with its type, so that none is lost. */
export type WireItem = Readonly<Record<string, unknown>>;

/** A whole registry. */
export interface Backup {
  /** The name of the table that it was. */
  readonly table: string;
  /** When it was read (NumericDate). */
  readonly exported_at: number;
  readonly items: readonly WireItem[];
}

const headSchema = v.object({
  countersign_backup: v.literal(1),
  table: v.string(),
  exported_at: v.number(),
  items: v.number(),
  sha256: v.string(),
});

const itemSchema = v.looseObject({ pk: v.object({ S: v.pipe(v.string(), v.nonEmpty()) }) });

/** Writes a backup as JSON lines. The first one says how many follow, and has their digest. */
export function formatBackup({ table, exported_at, items }: Backup): string {
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).sort();
  const counted = { table, exported_at, items: lines.length, sha256: digest(lines.join('')) };
  return `${JSON.stringify({ countersign_backup: 1, ...counted })}\n${lines.join('')}`;
}

/**
 * Reads a backup that is whole.
 * @throws RegistryError when it is no backup, was cut off, or was changed
 */
export function parseBackup(text: string): Backup {
  const end = text.indexOf('\n') + 1;
  const { success, output: head } = v.safeParse(headSchema, parsed(text.slice(0, end)));
  if (!success) throw wrong('is no backup that countersign export --all has written');
  const rest = text.slice(end);
  if (digest(rest) !== head.sha256) throw wrong('was cut off or changed after it was written');
  const items = rest.split('\n').slice(0, -1).map(parsed);
  if (items.length !== head.items || !items.every((item) => v.is(itemSchema, item))) {
    throw wrong('has lines that are no items of a registry');
  }
  return { table: head.table, exported_at: head.exported_at, items };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const wrong = (what: string) => new RegistryError('input', `the file ${what}`);
