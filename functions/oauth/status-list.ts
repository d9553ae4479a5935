import { constants, deflateSync, inflateSync } from 'node:zlib';

/** Where the status of one token is: the `status_list` of its `status` claim (Token Status List §6.2). */
export interface StatusPlace {
  /** The place in the list. */
  readonly idx: number;
  /** The URI of the list. */
  readonly uri: string;
}

/** A status list as JSON has it (Token Status List §4.2). */
export interface EncodedStatusList {
  /** Bits of one status. Here a token is valid (0) or invalid (1). */
  readonly bits: 1;
  /** Base64url of the bits, compressed by DEFLATE in the ZLIB format. */
  readonly lst: string;
}

/** Tokens of one list. */
export const statusListSize = 2 ** 20;

/** The `typ` of the JWT of a status list, and its media type below `application/` (Token Status List §5.1). */
export const statusListType = 'statuslist+jwt';

/** The path of the list with this number, below the issuer. */
export const statusListPath = (list: number | string): string => `/status-lists/${list}`;

/** Which list has the token with this number. Tokens are numbered from 0 on. */
export const listOf = (number: number): number => Math.floor(number / statusListSize);

/** Where the status of the token with this number is. */
export const placeOf = (number: number, issuer: string): StatusPlace => ({
  idx: number % statusListSize,
  uri: `${issuer}${statusListPath(listOf(number))}`,
});

/** Makes the bits of a list in which no token is invalid. */
export const newStatusList = (): Uint8Array => new Uint8Array(statusListSize / 8);

/**
 * Has a token be invalid.
 * @returns whether it was valid before
 * @throws RangeError where there is no such place: it must not be lost
 */
export function setInvalid(list: Uint8Array, idx: number): boolean {
  const octet = list[octetOf(idx)];
  if (octet === undefined) throw new RangeError(`no status list has a place ${idx}`);
  const changed = octet | (1 << (idx & 7));
  list[octetOf(idx)] = changed;
  return changed !== octet;
}

/** Writes a list in which these tokens are invalid. */
export function encodeStatusList(invalid: Iterable<number>): EncodedStatusList {
  const list = newStatusList();
  for (const idx of invalid) setInvalid(list, idx);
  return encodeBits(list);
}

/** Writes a list of these bits. */
export function encodeBits(list: Uint8Array): EncodedStatusList {
  // Run lengths alone are quicker here than any other strategy, and make a shorter text than most.
  const options = { level: 9, memLevel: 9, strategy: constants.Z_RLE };
  return { bits: 1, lst: deflateSync(list, options).toString('base64url') };
}

/** Reads a list. @throws Error when it is none, or larger than a list of ours can be */
export function decodeStatusList({ lst }: EncodedStatusList): Uint8Array {
  return inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: statusListSize / 8 });
}

/** Whether a token is invalid. A place outside the list is no place of a token of ours: it counts as invalid. */
export function isInvalid(list: Uint8Array, idx: number): boolean {
  const octet = list[octetOf(idx)];
  return octet === undefined || ((octet >> (idx & 7)) & 1) === 1;
}

/** A shift would know 32 bits of a place, and find one within the list for any that has more. */
const octetOf = (idx: number): number => Math.floor(idx / 8);
