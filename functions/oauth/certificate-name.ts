import type { X509Certificate } from 'node:crypto';
import {
  type DerValue,
  derContent,
  derMembers,
  derTags,
  derValues,
  objectIdentifier,
} from './der.ts';
import { type Attribute, type DistinguishedName, distinguishedName } from './distinguished-name.ts';

/**
 * The subject of a certificate (RFC 5280 §4.1.2.6), read from its bytes. Not from Node's
 * `certificate.subject`, which shows a bit string as text, drops an empty RDN and cuts a long type.
 * @returns undefined for a certificate without a name, or with one that cannot be read exactly: better no
 *   match than a wrong one
 */
export function subjectOf(certificate: X509Certificate): DistinguishedName | undefined {
  try {
    return distinguishedName(subjectAttributes(certificate));
  } catch {
    return undefined;
  }
}

/** The RDNs of a certificate's subject. Throws RangeError for one that cannot be read exactly. */
export function subjectAttributes(certificate: X509Certificate): readonly (readonly Attribute[])[] {
  return derMembers(subjectField(certificate), derTags.sequence).map(attributesOf);
}

/** RFC 5280 §4.1: the fifth field after the version, which is optional. */
function subjectField({ raw }: X509Certificate): DerValue | undefined {
  const [certificate] = derValues(raw);
  const [toBeSigned] = derMembers(certificate, derTags.sequence);
  const fields = derMembers(toBeSigned, derTags.sequence);
  return fields.filter(({ tag }) => tag !== derTags.version)[4];
}

const attributesOf = (rdn: DerValue): readonly Attribute[] =>
  derMembers(rdn, derTags.set).map(attributeOf);

function attributeOf(pair: DerValue): Attribute {
  const [type, ...values] = derMembers(pair, derTags.sequence);
  return {
    type: objectIdentifier(derContent(type, derTags.objectIdentifier)),
    value: textOf(values),
  };
}

/** The text of an attribute, which has one value. Throws for one that is none, or that cannot be read exactly. */
export function textOf([value, ...others]: readonly DerValue[]): string {
  const reader = value && readers.get(value.tag);
  if (!reader || others.length > 0) throw new RangeError('an attribute without a text');
  return reader.decode(value.content);
}

interface TextReader {
  decode(bytes: Buffer): string;
}

// Bytes that are not well-formed throw; a byte order mark is kept as a character.
const decoder = (encoding: string) => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

/** Tag -> reader, for the string types of names (RFC 5280 Appendix A.1) that can be read exactly. */
const readers: ReadonlyMap<number, TextReader> = new Map<number, TextReader>([
  [12, decoder('utf-8')],
  [18, { decode: ascii }],
  [19, { decode: ascii }],
  // Libraries disagree on T.61, except for its ASCII characters.
  [20, { decode: ascii }],
  [22, { decode: ascii }],
  [30, decoder('utf-16be')],
]);

function ascii(bytes: Buffer): string {
  if (bytes.some((byte) => byte > 0x7f)) throw new RangeError('a text that is not ASCII');
  return bytes.toString('latin1');
}
