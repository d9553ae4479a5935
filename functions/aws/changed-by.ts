/** Who changes the registry, and with what. */
export interface Actor {
  /** The ARN of whoever calls AWS, or how a function names itself and on whose behalf it acts. */
  readonly identity: string;
  /** The command as it is typed, without values: `client update`; or the name of a function. */
  readonly tool: string;
}

/** Tells who makes a change, when there is one to make. Where that cannot be told, it throws, and nothing is written. */
export type WhoActs = () => Promise<Actor>;

/**
 * What each write of ours leaves in the item that it writes, as `changed_by`. `change` is another for each write: whoever writes
 * an item and leaves it as it was is none of ours.
 */
export interface ChangedBy extends Actor {
  readonly change: string;
  /** The item is about to be deleted; a deletion without this is none of ours. */
  readonly deletes?: true;
}
