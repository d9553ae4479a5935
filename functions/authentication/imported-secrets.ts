import { hash } from 'node:crypto';
import QuickLRU from 'quick-lru';
import * as v from 'valibot';
import { isYounger } from '../oauth/age.ts';
import type { Counter } from '../oauth/counter.ts';
import { RetryLater, unavailable } from '../oauth/oauth-error.ts';
import type { ImportedSecrets, SecretMatch, SecretQuestion } from './methods/method.ts';

/** Has one foreign hash verified, which is slow. @throws RetryLater 503 when it cannot be told */
export type VerifyImportedSecret = (
  question: Pick<SecretQuestion, 'client_id' | 'secret_id' | 'client_secret'>,
) => Promise<SecretMatch>;

/** What verifying foreign hashes needs. */
interface ImportedSecretsProps {
  readonly verify: VerifyImportedSecret;
  readonly counter: Counter;
  /** NumericDate. */
  readonly now: () => number;
}

/** Seconds that verifications are counted together, and for which what came of one is known here. */
const window = 60;

const clientKey = ({ client_id }: SecretQuestion): string => `client#${hash('sha256', client_id)}`;

/**
 * How many there may be in them, since each costs up to seconds of a processor: those of a client from a source, so
 * that a stranger keeps nobody out who is elsewhere; those of a client, and of a source; and all, since the account
 * runs so many functions at once and no more.
 */
const limits: readonly { readonly most: number; readonly key: (of: SecretQuestion) => string }[] = [
  { most: 60, key: (of) => `source#${of.source}#${clientKey(of)}` },
  { most: 600, key: clientKey },
  { most: 300, key: ({ source }) => `source#${source}` },
  { most: 6000, key: () => 'all' },
];

/** QuickLRU holds up to twice as many: some megabytes at most. */
const maxSize = 1000;

/** A verification, and when it began (NumericDate). */
interface Begun {
  readonly at: number;
  readonly done: Promise<SecretMatch>;
}

/**
 * Has foreign hashes verified, and bounds how many. Each counts, right or wrong, before it begins. Requests with the
 * same secret for the same hash share one, also after it is over: until then the record that is cached here may
 * have the foreign hash still.
 */
export function importedSecrets({ verify, counter, now }: ImportedSecretsProps): ImportedSecrets {
  const shared = new QuickLRU<string, Begun>({ maxSize });
  const limitedUntil = new QuickLRU<string, number>({ maxSize });

  const count = async (question: SecretQuestion): Promise<void> => {
    const time = now();
    const start = time - (time % window);
    const keys = limits.map(({ most, key }) => ({ most, key: key(question) }));
    // Past a limit a request costs no more writes.
    if (!keys.some(({ key }) => limitedUntil.get(key) === start)) {
      const passed = await Promise.all(
        keys.map(async ({ most, key }) => {
          const place = `imported-secrets#${start}#${key}`;
          const isPassed = (await counter.increment(place, start + 2 * window)) > most;
          if (isPassed) limitedUntil.set(key, start);
          return isPassed;
        }),
      );
      if (!passed.includes(true)) return;
    }
    const cause = `too many imported secrets are verified in ${window} seconds`;
    throw new RetryLater(503, start + window - time, { cause });
  };
  const begin = (key: string, question: SecretQuestion): Promise<SecretMatch> => {
    const { client_id, secret_id, client_secret } = question;
    const done = count(question).then(() => verify({ client_id, secret_id, client_secret }));
    const begun = { at: now(), done };
    shared.set(key, begun);
    // What could not be told is asked again.
    done.catch(() => void (shared.get(key) === begun && shared.delete(key)));
    return done;
  };
  return {
    async match(question) {
      const key = keyOf(question);
      const earlier = shared.get(key);
      if (earlier === undefined || !isYounger(earlier.at, window, now()))
        return await begin(key, question);
      const { matches } = await earlier.done;
      return { matches };
    },
  };
}

/** Has the function that is there for it verify them; `invoke` gives what it returns. */
export const invokedVerification =
  (invoke: (event: object) => Promise<unknown>): VerifyImportedSecret =>
  async (question) => {
    const { success, output } = v.safeParse(answer, await invoke(question));
    if (!success) throw unavailable('the function of imported secrets gives another answer');
    return output;
  };

const answer = v.object({ matches: v.boolean(), replaced: v.optional(v.string()) });

/** A digest, so that no secret is in memory for longer than its request. */
const keyOf = ({ client_id, secret_id, stored, client_secret }: SecretQuestion): string =>
  hash('sha256', JSON.stringify([client_id, secret_id, stored, client_secret]), 'base64url');
