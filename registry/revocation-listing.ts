import * as v from 'valibot';
import {
  type Revocation,
  type RevocationLog,
  revocableKinds,
} from '../functions/oauth/revocation.ts';
import type { Listing } from './listing.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { requireRevocations } from './revocations.ts';

/** Which revocations are wanted. */
interface RevocationListRequest {
  /** @default every kind */
  readonly kind?: Revocation['kind'] | undefined;
  /**
   * Gives the first second of them by what second it is. Both are NumericDates of the store's clock.
   * @default since ever
   */
  readonly since?: ((now: number) => number) | undefined;
  /** @default as many as there are */
  readonly limit?: number | undefined;
  /** What a listing before gave as `next`. */
  readonly after?: string | undefined;
}

/**
 * Lists what is taken back now, in the order in which that was done.
 * @throws RegistryError when `after` is no `next`, or the deployment is older than revocation
 */
export async function listRevocations(
  registry: Registry,
  { kind, since = () => 0, limit = Number.POSITIVE_INFINITY, after }: RevocationListRequest,
): Promise<Listing<Revocation>> {
  const place = after === undefined ? undefined : placeOf(after);
  const revocations = requireRevocations(registry);
  const now = await revocations.time();
  const first = since(now);
  const isWanted = (one: Revocation) =>
    one.revoked_at >= first && one.expires_at > now && (kind === undefined || one.kind === kind);
  const records: Revocation[] = [];
  let read = 0;
  for await (const revocation of behind(place ?? [first, ''], revocations)) {
    if (records.length === limit) return { records, read, next: tokenOf(records.at(-1)) };
    read += 1;
    if (isWanted(revocation)) records.push(revocation);
  }
  return { records, read };
}

async function* behind([revoked_at, key]: Place, log: RevocationLog) {
  for await (const revocation of inOrder(log.since(revoked_at))) {
    if (revocation.revoked_at > revoked_at || keyOf(revocation) > key) yield revocation;
  }
}

/** The store has them by their second; within one, they come by kind and id. */
async function* inOrder(pages: AsyncIterable<readonly Revocation[]>) {
  let second: Revocation[] = [];
  for await (const page of pages) {
    for (const revocation of page) {
      if (second[0] && second[0].revoked_at !== revocation.revoked_at) {
        yield* second.toSorted(byKey);
        second = [];
      }
      second.push(revocation);
    }
  }
  yield* second.toSorted(byKey);
}

type Place = readonly [revoked_at: number, key: string];

const keyOf = ({ kind, id }: Revocation): string => `${kind}#${id}`;

const byKey = (one: Revocation, other: Revocation): number => (keyOf(one) < keyOf(other) ? -1 : 1);

const tokenOf = (revocation: Revocation | undefined): string | undefined =>
  revocation &&
  Buffer.from(JSON.stringify([revocation.revoked_at, keyOf(revocation)])).toString('base64url');

const placeSchema = v.tuple([
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v.pipe(v.string(), v.regex(new RegExp(`^(${revocableKinds.join('|')})#`))),
]);

function placeOf(token: string): Place {
  try {
    return v.parse(placeSchema, JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new RegistryError(
      'input',
      '--after takes what the list before gave as next, to the letter',
    );
  }
}
