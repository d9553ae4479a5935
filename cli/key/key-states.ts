import type { ShownKey } from '../../functions/key-rotation/reply.ts';

/** The states of a signing key, in the order in which it goes through them. */
export const keyStates = [
  'pending',
  'active',
  'retired',
  'removed',
] as const satisfies readonly ShownKey['state'][];
