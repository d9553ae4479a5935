import * as v from 'valibot';
import { problems } from '../aws/item.ts';
import type { RingKey } from '../oauth/key-ring.ts';
import { publishLead } from '../oauth/key-times.ts';
import { failureEntry } from './audit-entry.ts';
import { reconcile } from './reconcile.ts';
import type { Done, Refused, Reply, ShownKey } from './reply.ts';
import { revoke } from './revoke.ts';
import { notingRevokedKeys } from './revoked-keys.ts';
import { rotate } from './rotate.ts';
import { beginRun } from './run.ts';
import { nextChange } from './schedule.ts';
import type { KeyRotation } from './settings.ts';

/** What the key rotation function is asked to do. */
export type Command =
  /** Reconcile: do whatever is due. The schedules of deployments send it by this name. */
  | { readonly command: 'tend' }
  /** Show the key ring; changes nothing. */
  | { readonly command: 'list' }
  /** Start a rotation that is not due; `now`: let the new key sign at once. */
  | { readonly command: 'rotate'; readonly now: boolean }
  /** Take a key away at once; `replace`: make a new one if no other can take its place. */
  | { readonly command: 'revoke'; readonly kid: string; readonly replace: boolean };

const commandSchema: v.GenericSchema<unknown, Command> = v.variant('command', [
  v.object({ command: v.literal('tend') }),
  v.object({ command: v.literal('list') }),
  v.object({ command: v.literal('rotate'), now: v.optional(v.boolean(), false) }),
  v.object({
    command: v.literal('revoke'),
    kid: v.string(),
    replace: v.optional(v.boolean(), false),
  }),
]);

/**
 * Reads a command.
 * @throws Error that says which member of the event is wrong
 */
export function parseCommand(event: unknown): Command {
  const { success, output, issues } = v.safeParse(commandSchema, event);
  if (success) return output;
  const wrong = problems(issues);
  throw new Error(`the event is neither a command nor a request of CloudFormation: ${wrong}`);
}

type Run<Name> = (
  rotation: KeyRotation,
  command: Extract<Command, { command: Name }>,
) => Promise<Reply>;

/** What each command does. */
const commands: { readonly [Name in Command['command']]: Run<Name> } = {
  tend: async (rotation) => {
    await notingRevokedKeys(rotation, () => reconcile(rotation));
    return done(rotation);
  },
  list: async (rotation) => ({
    ...(await done(rotation)),
    ...(await strangers(rotation)),
  }),
  rotate: async (rotation, command) => reply(rotation, await rotate(rotation, command)),
  revoke: async (rotation, command) => reply(rotation, await revoke(rotation, command)),
};

/**
 * Does what the command says.
 * @throws Error when KMS or the registry fail
 */
export function obeyCommand(rotation: KeyRotation, command: Command): Promise<Reply> {
  return (commands[command.command] as Run<Command['command']>)(rotation, command);
}

/** Keys that others have tagged as ours. The ring is shown even where KMS is in trouble. */
async function strangers(
  rotation: KeyRotation,
): Promise<Pick<Done, 'strangers' | 'strangers_left_out'>> {
  try {
    const { strangers, leftOut } = await beginRun(rotation).observe();
    return { strangers, strangers_left_out: leftOut };
  } catch (error) {
    rotation.audit(failureEntry(error));
    return {};
  }
}

async function reply(rotation: KeyRotation, outcome: RingKey | Refused): Promise<Reply> {
  return 'outcome' in outcome ? outcome : done(rotation, outcome);
}

async function done(rotation: KeyRotation, key?: RingKey): Promise<Reply> {
  const ring = await rotation.keyRing.load();
  const shown = ring.keys.map((key): ShownKey => {
    const { jwk: _jwk, wrapped_private_key: _wrapped, token_role: _role, ...rest } = key;
    return { ...rest, next_change: nextChange(key, ring, rotation.settings) };
  });
  return {
    outcome: 'done',
    keys: shown.toReversed(),
    ...(key && { kid: key.kid, known_to_all_at: key.published_at + publishLead }),
  };
}
