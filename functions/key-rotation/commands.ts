import type { RingKey } from '../oauth/key-ring.ts';
import { publishLead } from '../oauth/key-times.ts';
import type { Command } from './command.ts';
import type { KeyRotation } from './key-rotation.ts';
import type { Refused, Reply, ShownKey } from './reply.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';
import { nextChange } from './schedule.ts';
import { tend } from './tend.ts';

type Run<Name> = (
  rotation: KeyRotation,
  command: Extract<Command, { command: Name }>,
) => Promise<Reply>;

/** What each command does. */
const commands: { readonly [Name in Command['command']]: Run<Name> } = {
  tend: async (rotation) => {
    await tend(rotation);
    return done(rotation);
  },
  list: (rotation) => done(rotation),
  rotate: async (rotation, command) => reply(rotation, await rotate(rotation, command)),
  revoke: async (rotation, command) => reply(rotation, await revoke(rotation, command)),
};

/**
 * Does what it is asked to.
 * @throws Error when KMS or the registry fail
 */
export function obeyCommand(rotation: KeyRotation, command: Command): Promise<Reply> {
  return (commands[command.command] as Run<Command['command']>)(rotation, command);
}

async function reply(rotation: KeyRotation, outcome: RingKey | Refused): Promise<Reply> {
  return 'outcome' in outcome ? outcome : done(rotation, outcome);
}

async function done(rotation: KeyRotation, key?: RingKey): Promise<Reply> {
  const ring = await rotation.keyRing.load();
  const shown = ring.keys.map((key): ShownKey => {
    const { jwk: _jwk, wrapped_private_key: _wrapped, ...rest } = key;
    return { ...rest, next_change: nextChange(key, ring, rotation.settings) };
  });
  return {
    outcome: 'done',
    keys: shown.toReversed(),
    ...(key && { kid: key.kid, known_to_all_at: key.published_at + publishLead }),
  };
}
