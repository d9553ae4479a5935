import { claimsProblem } from '../oauth/claim-rules.ts';
import type { CustomClaims } from '../oauth/custom-claims.ts';
import type { ClaimsHook, HookArguments, HookOutcome } from './hook.ts';

/**
 * Asks a hook, and checks what it answers. What went wrong is told without any value: it is for the log.
 * @param timeout milliseconds; a hook that does not give up the processor cannot be held to them
 */
export async function runHook(
  hook: ClaimsHook,
  { client, request }: HookArguments,
  timeout: number,
): Promise<HookOutcome> {
  try {
    const answer: unknown = hook(client, request);
    return outcomeOf(isThenable(answer) ? await inTime(answer, timeout) : answer);
  } catch (error) {
    return { failed: thrown(error) };
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';

class TimeOver extends Error {}

/** @throws TimeOver; whatever comes of the answer after that is nobody's */
async function inTime(answer: PromiseLike<unknown>, timeout: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new TimeOver(`the claims hook has not answered in ${timeout} ms`);
    timer = setTimeout(reject, timeout, error);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(answer: unknown): HookOutcome {
  if (typeof answer === 'object' && answer !== null && 'refuse' in answer) return refusal(answer);
  const problem = claimsProblem(answer);
  if (problem !== undefined) return wrongly(problem);
  // A copy: the hook may go on to change its own. Members may be worked out anew for it.
  const claims = structuredClone(answer);
  const later = claimsProblem(claims);
  // The cast: whatever has no problem is this.
  return later === undefined ? { claims: claims as CustomClaims } : wrongly(later);
}

const wrongly = (problem: string): HookOutcome => ({
  failed: `the claims hook has answered wrongly: ${problem}`,
});

function refusal({ refuse, ...more }: { readonly refuse: unknown }): HookOutcome {
  if (typeof refuse === 'string' && Object.keys(more).length === 0) {
    return { refused: sentence(refuse) };
  }
  return wrongly('a refusal is { refuse: sentence } alone');
}

/** RFC 6749 §5.2: the characters that an `error_description` may have. */
const sentence = (text: string): string =>
  text
    .replaceAll('"', "'")
    .replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]+/g, '?')
    .slice(0, 200)
    .trim() || 'the client may not have this token';

/** Not the message: it may have a value in it. Where it was thrown, an owner finds it. */
function thrown(error: unknown): string {
  try {
    if (error instanceof TimeOver) return error.message;
    if (!(error instanceof Error)) return strangelyThrown;
    const { name } = error.constructor;
    const [, place] = /^ +at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(error.stack ?? '') ?? [];
    return `the claims hook has thrown ${name}${place === undefined ? '' : ` at ${place}`}`;
  } catch {
    // Whatever a hook throws, the request is answered as for any other fault of it.
    return strangelyThrown;
  }
}

const strangelyThrown = 'the claims hook has thrown what is no error';
