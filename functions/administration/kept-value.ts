import * as v from 'valibot';

/** What a version keeps: the client, its secret, and whatever its consumers need beside. */
export interface KeptValue {
  readonly client_id: string;
  readonly client_secret: string;
  readonly [member: string]: unknown;
}

const keptValueSchema = v.looseObject({ client_id: v.string(), client_secret: v.string() });

/** Reads what a version keeps; undefined: something else. It says nothing of what is wrong, which may be secret. */
export function readKeptValue(text: string | undefined): KeptValue | undefined {
  const { success, output } = v.safeParse(keptValueSchema, parsed(text));
  return success ? output : undefined;
}

// The message of a SyntaxError quotes what it could not read.
function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes what a version keeps. */
export const writeKeptValue = (value: KeptValue): string => JSON.stringify(value);
