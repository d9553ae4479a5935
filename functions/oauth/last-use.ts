/**
 * Notes that a client has authenticated, and by which of its secrets, beside the request: it gives nothing back, and does not
 * fail.
 */
export type NoteUse = (client_id: string, secret_id: string | undefined) => void;

/** When a client was used last, to the hour. All times are NumericDates. */
export interface LastUse {
  readonly last_used_at: number;
  /** By the id of the secret. */
  readonly secrets: ReadonlyMap<string, number>;
}

/** Reads when clients were used last; one of whom nothing is known is left out. */
export type ReadUses = (client_ids: readonly string[]) => Promise<ReadonlyMap<string, LastUse>>;
