import { textOf } from '../../functions/oauth/certificate-name.ts';
import { derValues } from '../../functions/oauth/der.ts';

/** How the values of a notation are written. */
export interface ValueNotation {
  /** One piece of a value: a character, or an escape. */
  readonly piece: RegExp;
  /** Whether `#` begins a value in hexadecimal. */
  readonly hasHex: boolean;
  /** What quotation marks around a value are; `unclear`: a value of its own, or not. */
  readonly quotes: 'around' | 'literal' | 'unclear';
  /** Whether escapes that are no UTF-8 may be characters of Latin 1, as OpenSSL without `utf8` writes them. */
  readonly mayBeLatin1: boolean;
}

/** RFC 4514 §3, and OpenSSL's `\U20AC` beside it. */
const escapes = /\\[0-9A-Fa-f]{2}|\\U[0-9A-F]{4}|\\W[0-9A-F]{8}|\\[ "#+,;<=>\\]/.source;

/** One name on one line, parts between commas. */
export const listed: ValueNotation = {
  piece: new RegExp(`${escapes}|[^"+,;<>\\\\\\0]`, 'gsu'),
  hasHex: true,
  quotes: 'around',
  mayBeLatin1: false,
};

/** A part a line. */
export const onLines: ValueNotation = {
  piece: new RegExp(`${escapes}|[^\\\\\\0]`, 'gsu'),
  hasHex: true,
  quotes: 'unclear',
  mayBeLatin1: true,
};

/** OpenSSL's oldest, `/C=BR/CN=y`. */
export const slashed: ValueNotation = {
  piece: /\\x[0-9A-Fa-f]{2}|\\[/+]|[^\0]/gsu,
  hasHex: false,
  quotes: 'literal',
  mayBeLatin1: true,
};

const withinQuotes: ValueNotation = {
  ...listed,
  // Windows doubles a quotation mark.
  piece: new RegExp(`${escapes}|""|[^"\\\\\\0]`, 'gsu'),
};

/** Reads the value of an attribute. Total: what is not well-formed gives undefined. */
export function readValue(written: string, notation: ValueNotation): string | undefined {
  const text = written.trimStart();
  // OpenSSL does not escape a value that is # alone.
  const isHex = notation.hasHex && text.startsWith('#') && text.trimEnd() !== '#';
  if (isHex) return hexValue(text.trimEnd().slice(1));
  const [, quoted] = /^"(.*)" *$/s.exec(text) ?? [];
  if (quoted === undefined || notation.quotes === 'literal') return unescaped(text, notation);
  const { mayBeLatin1 } = notation;
  return notation.quotes === 'around'
    ? unescaped(quoted, { ...withinQuotes, mayBeLatin1 })
    : undefined;
}

/** RFC 4514 §2.4: the value in DER. */
function hexValue(hex: string): string | undefined {
  if (!/^([0-9A-Fa-f]{2})+$/.test(hex)) return undefined;
  try {
    return textOf(derValues(Buffer.from(hex, 'hex')));
  } catch {
    return undefined;
  }
}

function unescaped(text: string, { piece, mayBeLatin1 }: ValueNotation): string | undefined {
  const pieces = text.match(piece) ?? [];
  if (pieces.join('') !== text) return undefined;
  try {
    const bytes = Buffer.concat(pieces.map((one) => byteOf(one) ?? Buffer.from(characterOf(one))));
    return trimmed(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    const latin1 = (one: string) => byteOf(one)?.toString('latin1') ?? characterOf(one);
    return mayBeLatin1 ? trimmed(pieces.map(latin1).join('')) : undefined;
  }
}

/** An escaped byte, `\c3` or `\xC3`. */
function byteOf(piece: string): Buffer | undefined {
  const [, hex] = /^\\x?([0-9A-Fa-f]{2})$/.exec(piece) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function characterOf(piece: string): string {
  if (piece === '""') return '"';
  const [, hex] = /^\\[UW]([0-9A-F]+)$/.exec(piece) ?? [];
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
  return piece.replace(/^\\(?=.)/s, '');
}

/** Spaces at the ends do not count (RFC 4518 §2.6.1). */
const trimmed = (value: string): string => value.replace(/^ +| +$/g, '');
