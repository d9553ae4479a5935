import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import type { Answer } from '../../io/http.ts';
import { CannotCheck, notChecked, problem } from '../findings/finding.ts';
import { shortened } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';
import type { DatedAnswer, Examination } from './examination.ts';

/** A revocation list that a published key has signed. */
export interface PublishedList {
  readonly typ: unknown;
  readonly claims: JWTPayload;
}

/**
 * Fetches the revocation list.
 * @throws CannotCheck when none is announced, or there is none
 */
export async function fetchList({ ask, document, endpoint }: Examination): Promise<DatedAnswer> {
  const { json } = await needed(document('oauth-authorization-server'), 'the metadata');
  if (json.revocation_list_uri === undefined) throw new CannotCheck(noList);
  const answer = await ask({ url: await endpoint('revocation_list_uri') });
  if (answer.status === 200) return answer;
  throw new CannotCheck(
    problem(
      `The revocation list is answered ${answer.status}.`,
      'Look at the log of the function revocation-list, and at its permission to read the table of revocations.',
    ),
  );
}

const noList = notChecked(
  'The metadata announce no revocation list.',
  'Deploy a version that has it, if tokens are to be taken back.',
);

/**
 * Reads a list.
 * @throws CannotCheck when it does not verify by the JWK Set
 */
export async function readList({ jwkSet }: Examination, { body }: Answer): Promise<PublishedList> {
  const { json } = await needed(jwkSet(), 'the JWK Set');
  try {
    // A cast without a check: jose checks the form of the set.
    const keys = createLocalJWKSet(json as unknown as JSONWebKeySet);
    const { protectedHeader } = await compactVerify(body, keys);
    return { typ: protectedHeader.typ, claims: decodeJwt(body) };
  } catch (error) {
    const why = error instanceof Error ? shortened(error.message) : 'it gives no reason';
    throw new CannotCheck(
      problem(
        `The revocation list does not verify by the JWK Set: ${why}.`,
        'Let the revocation_list_uri lead to the same deployment as the jwks_uri, and past no stale cache.',
      ),
    );
  }
}
