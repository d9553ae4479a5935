import * as v from 'valibot';
import { type Revocation, revocableKinds } from '../oauth/revocation.ts';
import { statusListSize } from '../oauth/status-list.ts';
import { type Item, maybe, problems } from './item.ts';
import { revokedKey } from './revocations-table.ts';

/** Writes a revocation as the plain record that is marshalled into its item. */
export function revocationItem({ status, ...revocation }: Revocation): Item {
  return { ...revokedKey(revocation.kind, revocation.id), ...revocation, ...status };
}

/**
 * Reads a revocation from its item.
 * @throws Error when the item is not one that we wrote: better no list than one in which something is missing
 */
export function parseRevocation(item: Item): Revocation {
  const { success, output, issues } = v.safeParse(revocationSchema, item);
  if (!success) throw new Error(`revocation ${item.sk}: ${problems(issues)}`);
  const { uri, idx, ...revocation } = output;
  const status = uri === undefined || idx === undefined ? undefined : { uri, idx };
  return { ...revocation, status };
}

const numericDate = v.pipe(v.number(), v.safeInteger());
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(statusListSize - 1));

const revocationSchema = v.pipe(
  v.object({
    kind: v.picklist(revocableKinds),
    id: v.string(),
    not_before: maybe(numericDate),
    uri: maybe(v.string()),
    idx: maybe(place),
    client_id: maybe(v.string()),
    iat: maybe(numericDate),
    revoked_at: numericDate,
    expires_at: numericDate,
  }),
  // Without it nothing of a client or a resource server would be refused.
  v.forward(
    v.check(({ kind, not_before }) => isByTime(kind) === (not_before !== undefined)),
    ['not_before'],
  ),
  v.forward(
    v.check(({ uri, idx }) => (uri === undefined) === (idx === undefined)),
    ['idx'],
  ),
);

/** Whether a revocation is of all tokens that were issued before a time. */
export const isByTime = (kind: Revocation['kind']): boolean =>
  kind === 'client' || kind === 'resource';
