import { KeyObject } from 'node:crypto';
import { cachedRevocations } from '../../../functions/authorizer/revocations/cached-revocations.ts';
import { publishedRevocations } from '../../../functions/authorizer/revocations/published-revocations.ts';
import { start } from '../../support/access-tokens.ts';
import type { Reply } from '../../support/document-server.ts';
import type { TestKey } from '../../support/test-key.ts';
import { signing, tokenOf } from '../hand-made-token.ts';
import {
  issuerKey,
  type Settings,
  type TestAuthorizer,
  testAuthorizer,
} from '../test-authorizer.ts';

export const listPath = '/revocation-list';
const listType = 'application/revocation-list+jwt';

/** What is different about a list; a claim or header member that is `undefined` is left out. */
export interface ListChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** What signs it. */
  readonly key?: TestKey;
  /** Replaces the claims by this. */
  readonly payload?: string | Buffer;
}

/** Signs a list in which nothing was taken back, right in every way but the changes. */
export async function signList(issuer: string, change: ListChange = {}): Promise<string> {
  const claims = {
    iss: issuer,
    sub: `${issuer}${listPath}`,
    iat: start,
    exp: start + 90,
    ttl: 1,
    clients: {},
    resources: {},
    keys: [],
    tokens: [],
    status_lists: {},
    ...change.claims,
  };
  const { alg, kid, privateKey } = change.key ?? issuerKey;
  const header = { alg, typ: 'revocation-list+jwt', kid, ...change.header };
  // By hand: jose signs no header that no verifier may take.
  const [, sign] = signing.RS256;
  return tokenOf(JSON.stringify(header), change.payload ?? JSON.stringify(claims), (input) =>
    sign(input, KeyObject.from(privateKey)),
  );
}

/** Answers with a list, and with 304 to whoever has it. */
export const listReply =
  (jwt: string, etag?: string, type = listType): Reply =>
  (response, { ifNoneMatch }) => {
    const isSame = etag !== undefined && ifNoneMatch === etag;
    response.writeHead(isSame ? 304 : 200, { 'content-type': type, ...(etag && { etag }) });
    response.end(isSame ? '' : jwt);
  };

/** How an authorizer knows what was taken back; all times are seconds. */
interface ListSettings extends Settings {
  /** @default 5 */
  readonly maxAge?: number;
  /** @default 60 */
  readonly grace?: number;
  /** @default 'refuse' */
  readonly onStale?: 'refuse' | 'allow';
  /** Milliseconds. @default 2000 */
  readonly timeLimit?: number;
}

/** An authorizer that asks its issuer what was taken back. */
export interface ListAuthorizer extends TestAuthorizer {
  /** Publishes a list. */
  readonly publish: (change?: ListChange, etag?: string) => Promise<void>;
  /** Has the list answered like this. */
  readonly answer: (reply: Reply) => void;
  /** How often the list was asked for. */
  readonly asked: () => number;
}

/** Starts an authorizer whose issuer has taken nothing back yet. */
export async function listAuthorizer({
  maxAge = 5,
  grace = 60,
  onStale = 'refuse',
  timeLimit = 2000,
  ...settings
}: ListSettings = {}): Promise<ListAuthorizer> {
  const authorizer = await testAuthorizer({
    ...settings,
    revocations: ({ now, issuer, fetch, ...verifying }) =>
      cachedRevocations({
        load: publishedRevocations({
          ...verifying,
          issuer,
          fetch,
          now,
          url: `${issuer}${listPath}`,
        }),
        clocks: { wall: () => now() * 1000, monotonic: () => now() * 1000 },
        maxAge: maxAge * 1000,
        grace: grace * 1000,
        onStale,
        timeLimit,
      }),
  });
  const { issuer } = authorizer;
  const answer = (reply: Reply): void => void issuer.replies.set(listPath, reply);
  const publish = async (change: ListChange = {}, etag?: string) =>
    answer(listReply(await signList(issuer.url, change), etag));
  await publish();
  const asked = () => issuer.requests.filter((path) => path === listPath).length;
  return { ...authorizer, publish, answer, asked };
}
