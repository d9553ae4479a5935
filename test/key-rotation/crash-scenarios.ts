import type { Command } from '../../functions/key-rotation/commands.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyState } from '../../functions/oauth/key-ring.ts';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { day } from './test-deployment.ts';

/** A run that is to be killed, and what there is before and after it. */
export interface CrashScenario {
  readonly name: string;
  /** What has happened before: seconds that pass, and what is then commanded. */
  readonly before: readonly (readonly [seconds: number, command: Command])[];
  /** What is killed, after some seconds more. A `kid` of `active` is the key that then is. */
  readonly killed: readonly [seconds: number, command: Command];
  /** Where other settings have been deployed before the run that is killed. */
  readonly settings?: Partial<KeySettings>;
  /** Whether these wrap private keys. */
  readonly wrapped?: true;
  /** The states that it ends with, in the order in which the keys came. */
  readonly ends: readonly KeyState[];
}

const reconcile: Command = { command: 'tend' };
const made: CrashScenario['before'] = [[0, reconcile]];
const due: CrashScenario['before'] = [...made, [90 * day, reconcile]];
const rotated: CrashScenario['before'] = [...due, [publishLead, reconcile]];

export const crashScenarios: readonly CrashScenario[] = [
  { name: 'the first key', before: [], killed: [0, reconcile], ends: ['active'] },
  {
    name: 'a key that is made',
    before: made,
    killed: [90 * day, reconcile],
    ends: ['active', 'pending'],
  },
  {
    name: 'a key that begins to sign',
    before: due,
    killed: [publishLead, reconcile],
    ends: ['retired', 'active'],
  },
  {
    name: 'a key that is removed',
    before: rotated,
    killed: [retention, reconcile],
    ends: ['removed', 'active'],
  },
  {
    name: 'a key that is forgotten',
    before: [...rotated, [retention, reconcile]],
    killed: [31 * day, reconcile],
    ends: ['active'],
  },
  {
    name: 'a family that is replaced',
    before: due,
    killed: [60, reconcile],
    settings: { alg: 'Ed25519' },
    ends: ['removed', 'removed', 'active'],
  },
  {
    name: 'a custody that changes',
    before: due,
    killed: [60, reconcile],
    wrapped: true,
    ends: ['active', 'removed', 'pending'],
  },
  {
    name: 'a wrapped key that begins to sign at once',
    before: made,
    killed: [60, { command: 'rotate', now: true }],
    wrapped: true,
    ends: ['retired', 'active'],
  },
  {
    name: 'rotate --now',
    before: made,
    killed: [60, { command: 'rotate', now: true }],
    ends: ['retired', 'active'],
  },
  {
    name: 'revoke --replace',
    before: made,
    killed: [60, { command: 'revoke', kid: 'active', replace: true }],
    ends: ['removed', 'active'],
  },
];
