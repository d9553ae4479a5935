import type { X509Certificate } from 'node:crypto';
import {
  type DerValue,
  derContent,
  derMembers,
  derTags,
  derValues,
  objectIdentifier,
} from './der.ts';

/** What the key of a certificate may be used for (RFC 5280 §4.2.1.3). */
type KeyUsage = 'digitalSignature' | 'keyCertSign' | 'cRLSign';

/** What a certificate says of its key. */
export interface LeafExtensions {
  readonly keyUsage: ReadonlySet<KeyUsage>;
  /** RFC 5280 §4.2.1.9: whether it says to be an authority's. */
  readonly isAuthority: boolean;
}

const tags = { boolean: 0x01, bitString: 0x03, octetString: 0x04, extensions: 0xa3 } as const;
const ids = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19' } as const;

/**
 * Reads the extensions of a certificate from its bytes: Node's `keyUsage` is the extended key usage, and its `ca` says
 * no of an authority whose key may sign no certificates.
 * @returns undefined for one without a key usage, with an extension twice, or that cannot be read exactly
 */
export function leafExtensions({ raw }: X509Certificate): LeafExtensions | undefined {
  try {
    const values = extensionValues(raw);
    const usage = values.get(ids.keyUsage);
    if (usage === undefined) return undefined;
    const constraints = values.get(ids.basicConstraints);
    return {
      keyUsage: usesOf(usage),
      isAuthority: constraints !== undefined && saysAuthority(constraints),
    };
  } catch {
    return undefined;
  }
}

/**
 * RFC 5280 §4.1: the extensions by their identifiers, each as the bytes in its octet string. None is there twice
 * (§4.2): whoever reads another of them than we do would see another certificate.
 */
function extensionValues(raw: Buffer): ReadonlyMap<string, Buffer> {
  const [certificate] = derValues(raw);
  const [toBeSigned] = derMembers(certificate, derTags.sequence);
  const fields = derMembers(toBeSigned, derTags.sequence);
  const [list] = derMembers(
    fields.find(({ tag }) => tag === tags.extensions),
    tags.extensions,
  );
  const all = derMembers(list, derTags.sequence).map(extensionValue);
  const values = new Map(all);
  if (values.size < all.length) throw new RangeError('an extension that is there twice');
  return values;
}

function extensionValue(extension: DerValue): readonly [id: string, value: Buffer] {
  const members = derMembers(extension, derTags.sequence);
  const id = objectIdentifier(derContent(members[0], derTags.objectIdentifier));
  return [id, derContent(members.at(-1), tags.octetString)];
}

/** The first octet of the bit string, from its highest bit. */
const bits: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0x80,
  keyCertSign: 0x04,
  cRLSign: 0x02,
};

function usesOf(value: Buffer): ReadonlySet<KeyUsage> {
  // X.690 §8.6: the first octet says how many bits at the end do not count.
  const octet = derContent(derValues(value)[0], tags.bitString).readUInt8(1);
  const names = Object.keys(bits) as readonly KeyUsage[];
  return new Set(names.filter((name) => (octet & bits[name]) !== 0));
}

/** X.690 §11.1: in the distinguished encoding a boolean is there only where it is true. */
function saysAuthority(value: Buffer): boolean {
  return derMembers(derValues(value)[0], derTags.sequence).some(({ tag }) => tag === tags.boolean);
}
