/** What a check says of one thing. */
export interface Verdict {
  readonly status: 'ok' | 'warning' | 'problem' | 'not checked';
  /** One sentence. */
  readonly what: string;
  /** One sentence that says what to do about it. */
  readonly remedy?: string;
}

/** A verdict, the check that it is from, and what that check is founded on. */
export interface Finding extends Verdict {
  readonly check: string;
  /** Such as `RFC 8414 §3.3`. */
  readonly section: string;
}

/** Why a check, or a part of it, cannot go on; the verdict is its result. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.what);
    this.verdict = verdict;
  }
}

/** As it should be. */
export function ok(what: string): Verdict {
  return { status: 'ok', what };
}

/** Works, and yet somebody should look at it. */
export function warning(what: string, remedy: string): Verdict {
  return { status: 'warning', what, remedy };
}

/** Must be mended. */
export function problem(what: string, remedy: string): Verdict {
  return { status: 'problem', what, remedy };
}

/** Nobody knows. */
export function notChecked(what: string, remedy: string): Verdict {
  return { status: 'not checked', what, remedy };
}

/** The faults; where there are none, that all is well. */
export function faultsOr(faults: readonly Verdict[], fine: string): readonly Verdict[] {
  return faults.length > 0 ? faults : [ok(fine)];
}

/**
 * Does a part of a check. When it cannot go on, its verdict is why; the other parts go on.
 * @throws whatever it throws but CannotCheck
 */
export async function judged(part: () => Promise<readonly Verdict[]>): Promise<readonly Verdict[]> {
  try {
    return await part();
  } catch (error) {
    if (error instanceof CannotCheck) return [error.verdict];
    throw error;
  }
}
