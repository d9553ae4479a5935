/** What a check says of one thing. */
export interface Verdict {
  readonly status: 'ok' | 'warning' | 'problem' | 'not checked';
  /** One sentence. */
  readonly what: string;
  /** One sentence that says what to do about it. */
  readonly remedy?: string;
}

/** A verdict, the check that it is from, and the rule behind that check. */
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

/** Could not be looked at. */
export function notChecked(what: string, remedy: string): Verdict {
  return { status: 'not checked', what, remedy };
}

/** The faults; where there are none, a verdict that all is well. */
export function faultsOr(faults: readonly Verdict[], fine: string): readonly Verdict[] {
  return faults.length > 0 ? faults : [ok(fine)];
}

/**
 * Makes a part of a check. A CannotCheck becomes its verdict, so that the other parts go on.
 * @throws any other error of the part
 */
export async function judged(part: () => Promise<readonly Verdict[]>): Promise<readonly Verdict[]> {
  try {
    return await part();
  } catch (error) {
    if (error instanceof CannotCheck) return [error.verdict];
    throw error;
  }
}
