import { listed, onLines, slashed, type ValueNotation } from './attribute-value.ts';

/** A name as it is written: attributes in RDNs, and how to go on from there. */
export interface WrittenName {
  /** `type = value`, of each RDN in the order of the text. */
  readonly rdns: readonly (readonly string[])[];
  readonly notation: ValueNotation;
  /** Whether OpenSSL has written it, for all that one sees. */
  readonly isOpenssl: boolean;
  /** Whether it begins as the certificate does; undefined: both are usual. */
  readonly inOrder: boolean | undefined;
}

/** What OpenSSL and others write in front. */
const prefix = /^\s*subject\s*[=:]\s*/i;

/** Reads how a name is written, and parts it. */
export function parseWrittenName(given: string): WrittenName {
  const text = given
    .replace(prefix, '')
    .trimStart()
    .replace(/[\r\n]+$/, '');
  if (text.startsWith('/')) return parseSlashed(text);
  if (/[\r\n]/.test(text)) return parseLines(text);
  return parseList(text, prefix.test(given));
}

/** `-nameopt multiline` and `sep_multiline`, and what Node shows. */
function parseLines(text: string): WrittenName {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const rdns = lines.map((line) => parted(line, '+'));
  return { rdns, notation: onLines, isOpenssl: true, inOrder: true };
}

/** `-nameopt compat`. Its older releases escape no slash of a value. */
function parseSlashed(text: string): WrittenName {
  const rdns = parted(text.slice(1), '/').map((rdn) => parted(rdn, '+'));
  return { rdns, notation: slashed, isOpenssl: true, inOrder: true };
}

/** Where a separator that may stand in a value, too, begins another attribute. */
function parted(text: string, separator: '+' | '/'): readonly string[] {
  const parts: string[] = [];
  for (const part of split(text, separator, unquoted)) {
    const last = parts.at(-1);
    if (last === undefined || isAttribute(part)) parts.push(part);
    else parts.splice(-1, 1, last + separator + part);
  }
  return parts;
}

// A type that nobody knows is refused later: what stands before it might be another value.
const isAttribute = (text: string): boolean => /^\s*([A-Za-z][\w-]*|\d+(\.\d+)+)\s*=/.test(text);

/**
 * Between commas RFC 4514 and all that follow it begin with a name's last part; OpenSSL, but for its RFC 2253,
 * with the first. It writes spaces beside `=`, up to 3.1, or a space behind a comma alone, as Java and Windows
 * do.
 */
function parseList(text: string, isPrefixed: boolean): WrittenName {
  const parts = split(text, ',;', quoted);
  const rdns = parts.map((part) => split(part, '+', quoted));
  const isSpaced = rdns.flat().every((attribute) => /^[^=]*\S =/.test(attribute));
  const isApart = parts.slice(1).every((part) => part.startsWith(' '));
  const notation = { ...listed, mayBeLatin1: isSpaced };
  if (isSpaced) return { rdns, notation, isOpenssl: true, inOrder: true };
  if (!isApart) return { rdns, notation, isOpenssl: false, inOrder: false };
  const isBySemicolons = parts.length > 1 && split(text, ',', quoted).length === 1;
  const isOpenssl = isPrefixed || isBySemicolons;
  return { rdns, notation, isOpenssl, inOrder: isOpenssl || undefined };
}

// What a separator cannot be in: an escape, and a value between quotation marks.
const quoted = /\\.|(?<==\s*)"(?:\\.|""|[^"\\])*"|[^\\]|\\$/gs;
const unquoted = /\\.|[^\\]|\\$/gs;

function split(text: string, separators: string, pieces: RegExp): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const piece of text.match(pieces) ?? []) {
    if (separators.includes(piece)) {
      parts.push(part);
      part = '';
    } else {
      part += piece;
    }
  }
  return [...parts, part];
}
