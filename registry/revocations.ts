import { longestAccessTokenLifetime } from '../functions/oauth/key-times.ts';
import { longestDecision, longestRecordCache } from '../functions/oauth/record-times.ts';
import type { Revocation } from '../functions/oauth/revocation.ts';
import { clockMargin } from '../functions/oauth/token-revocation.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';

/** A client or a resource server, whose tokens are taken back all at once. */
export interface Subject {
  readonly kind: 'client' | 'resource';
  /** `client_id`, or the identifier as it is registered. */
  readonly id: string;
}

/** That tokens of a subject are refused which were issued before. */
export type SubjectRevocation = Revocation & Subject & { readonly not_before: number };

/** When the last token has expired that a revocation is about. */
export const lastExpiry = ({ expires_at }: Pick<Revocation, 'expires_at'>): number =>
  expires_at - clockMargin;

/**
 * Takes back all tokens of a subject that is to get none any more: instances of the token function that do not know it
 * yet go on issuing for as long as they cache records, and with a request that they have begun by then. One may wait
 * for the published keys of its client, who decides when he answers.
 */
export const revocationOfGone = (subject: Subject, now: number): SubjectRevocation =>
  revocationBefore(now + 1 + longestRecordCache + longestDecision, subject, now);

/** Takes back the tokens of a subject that were issued before. Both times are NumericDates. */
export const revocationBefore = (
  not_before: number,
  { kind, id }: Subject,
  now: number,
): SubjectRevocation => ({
  kind,
  id,
  not_before,
  revoked_at: now,
  expires_at: not_before + longestAccessTokenLifetime + clockMargin,
});

/**
 * Where a deployment keeps what was taken back.
 * @throws RegistryError when it is older than revocation
 */
export function requireRevocations({
  revocations,
}: Registry): NonNullable<Registry['revocations']> {
  if (revocations) return revocations;
  throw new RegistryError(
    'contents',
    'this deployment can take no token back yet: deploy it again with `npx cdk deploy`, or start the local stack again',
  );
}
