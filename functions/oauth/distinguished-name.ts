import { attributeType } from './attribute-types.ts';

/**
 * A distinguished name as a text that equals another's exactly if X.509 calls the names equal
 * (RFC 5280 §7.1, RFC 4517 §4.2.11).
 */
export type DistinguishedName = string;

/** One attribute of a name. */
export interface Attribute {
  /** Its object identifier, dotted. */
  readonly type: string;
  readonly value: string;
}

/**
 * Makes a name of its RDNs, in the order of a certificate. The attributes of one RDN are a set: their
 * order does not count.
 * @returns undefined without RDNs, or for an RDN without attributes
 */
export function distinguishedName(
  rdns: readonly (readonly Attribute[])[],
): DistinguishedName | undefined {
  if (rdns.length === 0 || rdns.some((rdn) => rdn.length === 0)) return undefined;
  return JSON.stringify(
    rdns.map((rdn) => rdn.map(({ type, value }) => `${type}=${prepare(value)}`).sort()),
  );
}

/**
 * Reads a distinguished name as RFC 4514 §3 writes it, the last RDN first: `CN=billing,O=Example`. Spaces
 * beside a separator are allowed. Total: what is not well-formed gives undefined, and so does a value in
 * hexadecimal (`#0403...`), in place of which registration writes the text.
 */
export function parseDistinguishedName(text: string): DistinguishedName | undefined {
  if (!text.isWellFormed()) return undefined;
  const written = split(text, ',').map((rdn) => split(rdn, '+').map(parseAttribute));
  const rdns = written.map((rdn) => rdn.filter((attribute) => attribute !== undefined));
  const isWhole = rdns.every((rdn, at) => rdn.length === written[at]?.length);
  return isWhole ? distinguishedName(rdns.toReversed()) : undefined;
}

function parseAttribute(text: string): Attribute | undefined {
  const [, name = '', written = ''] = /^ *([^ =]+) *=(.*)$/s.exec(text) ?? [];
  const type = attributeType(name);
  const value = parseValue(written);
  return type === undefined || value === undefined ? undefined : { type, value };
}

// RFC 4514 §3: an escaped byte, an escaped character, or one that needs no escape.
const piece = /\\[0-9A-Fa-f]{2}|\\[ "#+,;<=>\\]|[^"+,;<>\\\0]/gsu;

/** RFC 4514 §2.4: a value is written as bytes of UTF-8, some of them escaped. */
function parseValue(text: string): string | undefined {
  const pieces = text.match(piece) ?? [];
  if (pieces.join('') !== text || /^ *#/.test(text)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.concat(pieces.map(bytesOf)),
    );
  } catch {
    return undefined;
  }
}

const bytesOf = (written: string): Buffer =>
  /^\\[0-9A-Fa-f]{2}$/.test(written)
    ? Buffer.from(written.slice(1), 'hex')
    : Buffer.from(written.replace(/^\\(?=.)/, ''));

/**
 * caseIgnoreMatch (RFC 4518 §2): normalized, case folded, a run of spaces as one, and none at the
 * ends. Characters that the RFC would drop are kept, so that fewer names are equal, never more.
 */
const prepare = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\t\n\v\f\r\x85\p{Z}]+/gu, ' ')
    .replace(/^ | $/g, '');

/** Splits at a separator that is not escaped. */
function split(text: string, separator: ',' | '+'): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const piece of text.match(/\\.|[^\\]|\\$/gs) ?? []) {
    if (piece === separator) {
      parts.push(part);
      part = '';
    } else {
      part += piece;
    }
  }
  return [...parts, part];
}
