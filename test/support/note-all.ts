import type { Revocation, RevocationStore } from '../../functions/oauth/revocation.ts';

/** Calls that a store of tests gets at the same time. */
const atOnce = 50;

/** Notes many revocations, some at a time. */
export async function noteAll(
  store: RevocationStore,
  revocations: readonly Revocation[],
): Promise<void> {
  for (let at = 0; at < revocations.length; at += atOnce) {
    const some = revocations.slice(at, at + atOnce);
    await Promise.all(some.map((revocation) => store.note(revocation)));
  }
}
