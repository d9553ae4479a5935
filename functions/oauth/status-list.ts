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

/** The media type of a status list, and the `typ` of its JWT (Token Status List §5.1, §8.2). */
export const statusListType = 'statuslist+jwt';

/** The path of the list with this number, below the issuer. */
export const statusListPath = (list: number | string): string => `/status-lists/${list}`;

/**
 * Where the status of the token with this number is. Tokens are numbered from 0 on; the first list has the first
 * `statusListSize` of them.
 */
export const placeOf = (number: number, issuer: string): StatusPlace => ({
  idx: number % statusListSize,
  uri: `${issuer}${statusListPath(Math.floor(number / statusListSize))}`,
});

/** Writes a list in which these tokens are invalid. */
export function encodeStatusList(invalid: Iterable<number>): EncodedStatusList {
  const octets = Buffer.alloc(statusListSize / 8);
  for (const idx of invalid) octets[idx >> 3] = (octets[idx >> 3] ?? 0) | (1 << (idx & 7));
  // Run lengths alone are quicker here than any other strategy, and make a shorter text than most.
  const options = { level: 9, memLevel: 9, strategy: constants.Z_RLE };
  return { bits: 1, lst: deflateSync(octets, options).toString('base64url') };
}

/** Reads a list. @throws Error when it is none, or larger than a list of ours can be */
export function decodeStatusList({ lst }: EncodedStatusList): Uint8Array {
  return inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: statusListSize / 8 });
}

/** Whether a token is invalid. A place outside the list is no place of a token of ours: it counts as invalid. */
export function isInvalid(list: Uint8Array, idx: number): boolean {
  const octet = list[idx >> 3];
  return octet === undefined || ((octet >> (idx & 7)) & 1) === 1;
}
