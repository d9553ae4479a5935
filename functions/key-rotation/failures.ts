import { type Audit, reason } from '../oauth/audit.ts';
import type { Step } from './step.ts';

/** What has failed in a run. It leaves that out, and does the rest. */
export interface Failed {
  /** Whether a step of the life cycle has failed: those after it may build upon it. */
  readonly lifeCycle: boolean;
  /** Ids of the keys that a step of the clean-up has failed for. */
  readonly keys: ReadonlySet<string>;
}

/** The failures of one run. */
export interface Failures extends Failed {
  count(): number;
  /** Logs that a step has failed. @throws what it failed with, if nothing can be done without it */
  add(step: Step, error: unknown): void;
  /** @throws Error that tells what has failed, if anything has */
  throwIfAny(): void;
}

/** Begins the failures of a run. */
export function beginFailures(audit: Audit): Failures {
  const errors: unknown[] = [];
  const keys = new Set<string>();
  return {
    get lifeCycle() {
      return errors.length > keys.size;
    },
    keys,
    count: () => errors.length,
    add(step, error) {
      // It is the registry alone that fails such a step.
      if (step.do === 'change' || step.do === 'plan') throw error;
      errors.push(error);
      const key = cleanedUp(step);
      if (key) keys.add(key.key_id);
      audit({ outcome: 'failed', step: step.do, ...key, reason: reason(error) });
    },
    throwIfAny() {
      const [first, ...others] = errors;
      if (first === undefined) return;
      if (others.length === 0) throw first;
      throw new Error(`${errors.length} steps have failed, the first with ${reason(first)}`);
    },
  };
}

/** The key that a step of the clean-up is about; undefined: it is a step of the life cycle. */
function cleanedUp(step: Exclude<Step, { do: 'change' | 'plan' }>) {
  if (step.do !== 'enter') return { kid: step.key.kid, key_id: step.key.key_id };
  return step.as === 'removed' ? { key_id: String(step.adopt) } : undefined;
}
