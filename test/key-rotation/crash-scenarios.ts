import type { Command } from '../../functions/key-rotation/command.ts';
import type { KeySettings } from '../../functions/key-rotation/key-rotation.ts';
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

const tend: Command = { command: 'tend' };
const made: CrashScenario['before'] = [[0, tend]];
const due: CrashScenario['before'] = [...made, [90 * day, tend]];
const rotated: CrashScenario['before'] = [...due, [publishLead, tend]];

export const crashScenarios: readonly CrashScenario[] = [
  { name: 'the first key', before: [], killed: [0, tend], ends: ['active'] },
  {
    name: 'a key that is made',
    before: made,
    killed: [90 * day, tend],
    ends: ['active', 'pending'],
  },
  {
    name: 'a key that begins to sign',
    before: due,
    killed: [publishLead, tend],
    ends: ['retired', 'active'],
  },
  {
    name: 'a key that is removed',
    before: rotated,
    killed: [retention, tend],
    ends: ['removed', 'active'],
  },
  {
    name: 'a key that is forgotten',
    before: [...rotated, [retention, tend]],
    killed: [31 * day, tend],
    ends: ['active'],
  },
  {
    name: 'a family that is replaced',
    before: due,
    killed: [60, tend],
    settings: { alg: 'Ed25519' },
    ends: ['removed', 'removed', 'active'],
  },
  {
    name: 'a custody that changes',
    before: due,
    killed: [60, tend],
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
