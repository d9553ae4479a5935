import { setTimeout as delay } from 'node:timers/promises';
import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { decodeStatusList, isInvalid } from '../../../functions/oauth/status-list.ts';
import type { Examination } from '../examination/examination.ts';
import { type IssuedToken, issuedToken } from '../examination/issued-token.ts';
import { fetchList, readList } from '../examination/published-list.ts';
import { judged, notChecked, ok, problem, type Verdict } from '../findings/finding.ts';
import { shownUrl } from '../findings/foreign-value.ts';
import { needed, seeTo } from '../findings/trouble.ts';

/** Milliseconds between two looks. */
const interval = 250;

/**
 * Whether the token of a throw-away client can be revoked (RFC 7009 §2.2), is in the list within seconds,
 * and is refused by the APIs within their time, where somebody says that they should refuse it.
 */
export async function checkRevokedToken(examination: Examination): Promise<readonly Verdict[]> {
  const { document, subject } = examination;
  const { json } = await needed(document('oauth-authorization-server'), 'the metadata');
  if (json.revocation_endpoint === undefined) return [];
  const token = await needed(examination.token().then(issuedToken), 'an access token');
  if (token.claims.iss !== subject.issuer) return [ofAnotherIssuer];
  const apis = subject.refuseRevokedWithin === undefined ? [] : subject.apis;
  const looks = await Promise.all(apis.map(async (api) => statusOf(examination, api, token)));
  const { status } = await examination.revocation();
  if (status !== 200) return [notRevoked(status)];
  subject.progress?.('A token was revoked; looking where that is known ...');
  const parts = [
    () => listVerdict(examination, token),
    ...apis.map((api, index) => () => apiVerdict(examination, token, { api, first: looks[index] })),
  ];
  const verdicts = parts.map((part) => judged(async () => [await part()]));
  return (await Promise.all(verdicts)).flat();
}

const ofAnotherIssuer = notChecked(
  'This needs an access token of the issuer, and there is none.',
  seeTo('token'),
);

const notRevoked = (status: number): Verdict =>
  problem(
    `The revocation endpoint answers ${status} to a client that revokes its own token.`,
    'Look at the log of the function revocation, and at its permission to write the table of revocations.',
  );

async function listVerdict(examination: Examination, token: IssuedToken): Promise<Verdict> {
  const { limit } = examination.subject;
  const list = async () => readList(examination, await fetchList(examination));
  const read = async () => (await needed(list(), 'the revocation list')).claims;
  const took = await secondsUntil(limit, async () => hasToken(await read(), token.claims));
  if (took !== undefined) return ok(`A revoked token is in the revocation list ${took} s later.`);
  return problem(
    `A revoked token is not in the revocation list ${limit / 1000} s later.`,
    'Take the cache away that is in front of it, and look at the log of the function revocation-list.',
  );
}

/** What of a revocation list says whether a single token was revoked. */
const listed = v.object({
  tokens: v.array(v.string()),
  status_lists: v.record(v.string(), v.object({ bits: v.literal(1), lst: v.string() })),
});
const placed = v.object({ status_list: v.object({ idx: v.number(), uri: v.string() }) });

function hasToken(list: JWTPayload, { jti, status }: JWTPayload): boolean {
  if (!v.is(listed, list)) return false;
  if (list.tokens.includes(String(jti))) return true;
  if (!v.is(placed, status)) return false;
  const { idx, uri } = status.status_list;
  const bits = list.status_lists[uri];
  return bits !== undefined && isInvalid(decodeStatusList(bits), idx);
}

/** An API, and how it has answered before the token was revoked. */
interface Called {
  readonly api: URL;
  readonly first: number | undefined;
}

async function apiVerdict(
  examination: Examination,
  token: IssuedToken,
  { api, first }: Called,
): Promise<Verdict> {
  const who = shownUrl(api);
  const { refuseRevokedWithin = 0 } = examination.subject;
  if (first === 401) return unknownThere(who);
  const refused = async () => (await statusOf(examination, api, token)) === 401;
  const took = await secondsUntil(refuseRevokedWithin * 1000, refused);
  if (took !== undefined) return ok(`${who} refuses a revoked token ${took} s later.`);
  return problem(
    `${who} takes a revoked token ${refuseRevokedWithin} s later.`,
    'Give its authorizer or its guard `refuseRevokedWithin`, and deploy it; then look at its log.',
  );
}

const unknownThere = (who: string): Verdict =>
  notChecked(
    `${who} takes no token of the examination's client, so that no revocation shows.`,
    'Name the identifier of that API with --resource.',
  );

async function statusOf({ ask }: Examination, url: URL, { access_token }: IssuedToken) {
  const { status } = await ask({ url, headers: [['Authorization', `Bearer ${access_token}`]] });
  return status;
}

/**
 * Looks again and again whether something is so.
 * @returns after how many seconds it is, to a tenth; undefined: not within these milliseconds
 */
async function secondsUntil(
  limit: number,
  isSo: () => Promise<boolean>,
): Promise<string | undefined> {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  while (elapsed() <= limit) {
    if (await isSo()) return (elapsed() / 1000).toFixed(1);
    await delay(interval);
  }
  return undefined;
}
