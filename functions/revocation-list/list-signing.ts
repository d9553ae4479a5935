import { entityTag } from '../http/document-response.ts';
import { canSign, encodedSize, type SigningKey, type SigningKeys, signJwt } from '../oauth/jws.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { ListContent } from './list-content.ts';

/** A list as it is served. */
export interface SignedList {
  readonly jwt: string;
  /** Over what it says and the key: a signature differs each time. */
  readonly etag: string;
  readonly kid: string;
}

/** What lists are signed by. */
export interface ListSigning {
  readonly signingKeys: SigningKeys;
  /** NumericDate. */
  readonly now: () => number;
  /** Is told of a list that was too long, and whether refusing more made it short enough. */
  readonly tooLong: (path: string, isShortEnough: boolean) => void;
}

/** A list is valid for so many of its windows. */
const validWindows = 3;

/** Where the window begins in which a list is issued now. */
export const startOf = ({ window }: ListContent, now: number): number => now - (now % window);

/** The active key, or the next one if that was revoked. @throws RetryLater 503 while no other one signs */
export async function unrevokedKey(
  signingKeys: SigningKeys,
  revokedKeys: ReadonlySet<string>,
): Promise<SigningKey> {
  const active = await signingKeys.active();
  if (!revokedKeys.has(active.kid)) return active;
  const next = await signingKeys.successorOf(active);
  if (next && !revokedKeys.has(next.kid)) return next;
  throw unavailable('the active key is revoked');
}

/** Signs, by the key that is active by then if the first one fails: it may have just been revoked. */
export async function signByKeyOrSuccessor(
  content: ListContent,
  key: SigningKey,
  signing: ListSigning,
): Promise<SignedList> {
  try {
    return await sign(content, key, signing);
  } catch (error) {
    const successor = await signing.signingKeys.successorOf(key);
    if (!successor) throw error;
    return await sign(content, successor, signing);
  }
}

async function sign(
  content: ListContent,
  key: SigningKey,
  signing: ListSigning,
): Promise<SignedList> {
  const said = claimsThatFit(content, key, signing);
  const jwt = await signJwt(content.typ, said, key);
  return { jwt, kid: key.kid, etag: entityTag(`${key.kid} ${JSON.stringify(said)}`) };
}

function claimsThatFit(
  content: ListContent,
  key: SigningKey,
  { now, tooLong }: ListSigning,
): object {
  const start = startOf(content, now());
  // A revocation of a moment ago is by a clock that may be ahead of this one.
  const iat = Math.max(start, Math.min(content.newest, now()));
  const times = { iat, exp: start + validWindows * content.window };
  const whole = { ...content.claims(false), ...times };
  if (isShortEnough(whole, content, key)) return whole;
  const short = { ...content.claims(true), ...times };
  const isEnough = isShortEnough(short, content, key);
  tooLong(content.path, isEnough);
  if (isEnough) return short;
  throw unavailable('the list is too long to be signed');
}

/** Bytes that the header of a JWT, its dots and its signature may have, at most. */
const besideClaims = 8192;

function isShortEnough(claims: object, { longest }: ListContent, key: SigningKey): boolean {
  const encoded = encodedSize(claims);
  return encoded + besideClaims <= longest && canSign(key, encoded);
}
