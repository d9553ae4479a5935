/** What the key rotation function is asked to do. */
export type Command =
  /** Whatever is due; what the schedule sends. */
  | { readonly command: 'tend' }
  /** Show the key ring; changes nothing. */
  | { readonly command: 'list' }
  /** Start a rotation that is not due; `now`: let the new key sign at once. */
  | { readonly command: 'rotate'; readonly now: boolean }
  /** Take a key away at once; `replace`: make a new one if no other can take its place. */
  | { readonly command: 'revoke'; readonly kid: string; readonly replace: boolean };

/**
 * Reads a command.
 * @throws Error when it is none
 */
export function parseCommand(event: unknown): Command {
  const { command, now, kid, replace }: Readonly<Record<string, unknown>> = {
    ...(typeof event === 'object' ? event : {}),
  };
  if (command === 'tend' || command === 'list') return { command };
  if (command === 'rotate' && isFlag(now)) return { command, now: now === true };
  if (command === 'revoke' && typeof kid === 'string' && isFlag(replace)) {
    return { command, kid, replace: replace === true };
  }
  throw new Error('the event is neither a command nor a request of CloudFormation');
}

const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
