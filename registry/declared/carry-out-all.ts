import type { Registry } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import { carryOut } from './carry-out.ts';
import type { Change } from './change.ts';

/** Changes at once: enough to hide the way to DynamoDB, few enough for a table that is new. */
const atOnce = 16;

/** A change that was not done, or not all of it, and why. */
interface Failed {
  readonly change: Change;
  readonly error: unknown;
}

/** What came of changes. */
export interface Carried {
  readonly done: readonly Change[];
  readonly failed: readonly Failed[];
  /** What was not begun, since the registry could not be reached. */
  readonly left: readonly Change[];
}

/** What goes with it. */
export interface Carrying {
  /** Does what has to be there before a change is done. */
  readonly prepare: (change: Change) => Promise<Change>;
  /** Is told how many changes are behind us. */
  readonly told: (behind: number) => void;
}

/**
 * Carries out changes, several at once, in an order in which none is in the way of another. One that the registry
 * refuses does not hold up the others; behind one that fails otherwise nothing more is begun.
 */
export async function carryOutAll(
  registry: Registry,
  changes: readonly Change[],
  { prepare, told }: Carrying,
): Promise<Carried> {
  const done: Change[] = [];
  const failed: Failed[] = [];
  const isBroken = () => failed.some(({ error }) => !(error instanceof RegistryError));
  const one = async (change: Change) => {
    try {
      await carryOut(registry, await prepare(change));
      done.push(change);
    } catch (error) {
      failed.push({ change, error });
    }
    told(done.length + failed.length);
  };
  for (const { stage, most } of stages) {
    const waiting = changes.filter((change) => stageOf(change) === stage).values();
    const work = async () => {
      for (const change of waiting) {
        if (isBroken()) return;
        await one(change);
      }
    };
    await Promise.all(Array.from({ length: most }, work));
  }
  const begun = new Set([...done, ...failed.map(({ change }) => change)]);
  return { done, failed, left: changes.filter((change) => !begun.has(change)) };
}

/** Resource servers are there before clients need them, and go when none does. Each of them reads the whole table. */
const stages = [
  { stage: 'servers', most: 1 },
  { stage: 'clients', most: atOnce },
  { stage: 'deleted servers', most: 1 },
] as const;

function stageOf({ kind, action }: Change): (typeof stages)[number]['stage'] {
  if (kind === 'client') return 'clients';
  return action === 'delete' ? 'deleted servers' : 'servers';
}
