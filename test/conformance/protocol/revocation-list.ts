import { inflateSync } from 'node:zlib';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type Answer, header } from '../../../cli/io/http.ts';
import type { JsonObject } from '../../../cli/io/json-answer.ts';
import { check, checkSame, type Deployment, Nonconformity } from '../conformance-case.ts';
import { checkSignature, fetchKeys } from './jwk-set.ts';
import type { ObtainedToken } from './obtained-token.ts';

/** A list that an issuer has signed, taken apart. */
export interface SignedList {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/**
 * Reads the revocation list that the metadata names.
 * @throws Nonconformity unless a published key has signed it
 */
export const readRevocationList = async (deployment: Deployment): Promise<SignedList> =>
  readSignedList(deployment, deployment.endpoint('revocation_list_uri'));

/**
 * Reads a list of an issuer.
 * @throws Nonconformity unless a published key has signed it
 */
export async function readSignedList(deployment: Deployment, url: URL): Promise<SignedList> {
  const answer = await deployment.send({ url });
  checkSame(`the status of ${url.pathname}`, answer.status, 200);
  return signedList(deployment, answer);
}

async function signedList(deployment: Deployment, answer: Answer): Promise<SignedList> {
  const list = partsOf(answer.body);
  checkSame('the media type', mediaType(answer), `application/${list.header.typ}`);
  await checkSignature('the list', answer.body, await fetchKeys(deployment));
  return list;
}

const mediaType = (answer: Answer) => header(answer, 'content-type')?.split(';')[0]?.trim();

function partsOf(text: string): SignedList {
  try {
    return { header: { ...decodeProtectedHeader(text) }, claims: decodeJwt(text) };
  } catch {
    throw new Nonconformity('the list is no JWT');
  }
}

/** Where the status of a token is (Token Status List §6.2), if it says so. */
export function placeOf({ claims }: ObtainedToken): { idx: number; uri: string } | undefined {
  const { status_list } = recordOf(claims.status);
  const { idx, uri } = recordOf(status_list);
  return typeof idx === 'number' && typeof uri === 'string' ? { idx, uri } : undefined;
}

/** Whether a revocation list has this single token. */
export function isRevokedIn({ claims }: SignedList, token: ObtainedToken): boolean {
  const { tokens } = claims;
  check(Array.isArray(tokens), 'tokens of the list is no array');
  if (tokens.includes(token.claims.jti)) return true;
  const place = placeOf(token);
  const list = place && recordOf(claims.status_lists)[place.uri];
  return place !== undefined && list !== undefined && isSet(list, place.idx);
}

/**
 * Whether a status list has a status other than valid at a place (Token Status List §4.1).
 * @throws Nonconformity when it is no list of single bits
 */
export function isSet(list: unknown, idx: number): boolean {
  const { bits, lst } = recordOf(list);
  checkSame('bits of a status list', bits, 1);
  const octet = inflated(String(lst))[idx >> 3];
  check(octet !== undefined, 'a status list has no place for a token');
  return ((octet >> (idx & 7)) & 1) === 1;
}

function inflated(lst: string): Uint8Array {
  try {
    return inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: 2 ** 24 });
  } catch {
    throw new Nonconformity('lst of a status list is not compressed by DEFLATE');
  }
}

const recordOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? { ...value } : {};
