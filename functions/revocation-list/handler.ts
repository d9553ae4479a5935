import {
  failure,
  methodNotAllowed,
  notFound,
  preflight,
  problem,
  representationResponse,
} from '../http/document-response.ts';
import {
  allowedMethods,
  earlyAnswer,
  errorResponse,
  failureLine,
  type HttpFunction,
  httpFunction,
} from '../http/http-function.ts';
import { type Audit, type AuditEntry, reason } from '../oauth/audit.ts';
import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import type { CurrentRevocations } from '../oauth/current-revocations.ts';
import { revocationListPath } from '../oauth/revocation-list.ts';
import type { KnownLists } from './known-lists.ts';
import {
  type EncodedLists,
  type ListContent,
  type ListSource,
  revocationListContent,
  statusListContent,
} from './list-content.ts';
import type { SignList } from './signed-lists.ts';

/** What the lists of what was taken back are published with. */
export interface RevocationPublisher {
  readonly issuer: string;
  readonly revocations: CurrentRevocations;
  readonly keyRing: CachedKeyRing;
  readonly encoded: EncodedLists;
  readonly signList: SignList;
  readonly knownLists: KnownLists;
  /** Hears of failures alone. */
  readonly audit: Audit;
}

/** Seconds that a list may be served from a cache: authorizers count on it. */
const maxAge = 1;

/** Makes the handler of the revocation list, and of the status lists (Token Status List §8.1). */
export function createHandler(publisher: RevocationPublisher): HttpFunction {
  return httpFunction(
    [
      failureLine(publisher.audit, failed),
      errorResponse(failure),
      earlyAnswer(({ path }) => (isOurs(path) ? undefined : notFound())),
      earlyAnswer(({ method }) => (method === 'OPTIONS' ? preflight() : undefined)),
      allowedMethods(['GET', 'HEAD'], methodNotAllowed),
      // Token Status List §8.4: of earlier times nothing is known.
      earlyAnswer(({ path, query }) => (asksForTime(path, query) ? notImplemented() : undefined)),
    ],
    async (call) => {
      const list = numberIn(call.path);
      if (list !== undefined && !(await publisher.knownLists(Number(list)))) return notFound();
      const source = await sourceOf(publisher);
      const content =
        list === undefined ? revocationListContent(source) : statusListContent(list, source);
      const { jwt, etag } = await publisher.signList(content, new Set(source.keys));
      return representationResponse(call, { type: mediaType(content), body: jwt, etag, maxAge });
    },
  );
}

const failed = (error: unknown): AuditEntry => ({ outcome: 'failed', reason: reason(error) });

const mediaType = ({ typ }: ListContent): string => `application/${typ}`;

/** The number of a status list, in the one form in which tokens name it; undefined: the path is none of one. */
const numberIn = (path: string): string | undefined =>
  /^\/status-lists\/(0|[1-9]\d{0,9})$/.exec(path)?.[1];

const isOurs = (path: string): boolean =>
  path === revocationListPath || numberIn(path) !== undefined;

const asksForTime = (path: string, query: string): boolean =>
  path !== revocationListPath && new URLSearchParams(query).has('time');

const notImplemented = () =>
  problem(501, 'not_implemented', { error_description: 'there is only the list of now' });

async function sourceOf(publisher: RevocationPublisher): Promise<ListSource> {
  const { issuer, encoded } = publisher;
  const [{ revoked }, { ring }] = await Promise.all([
    publisher.revocations.current(),
    publisher.keyRing.current(),
  ]);
  // A key that was revoked a moment ago may be noted in the ring alone.
  const inRing = ring.keys.filter(({ revoked: isRevoked }) => isRevoked).map(({ kid }) => kid);
  const keys = [...new Set([...revoked.keys, ...inRing])].sort();
  return { issuer, revoked, keys, encoded };
}
