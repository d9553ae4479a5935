import type { Attribute } from '../../functions/oauth/distinguished-name.ts';
import { registeredType } from './attribute-names.ts';

/** The RDNs of a name, in the order of a certificate. */
export type Rdns = readonly (readonly Attribute[])[];

/**
 * Writes a name in the one form in which it is registered: RFC 4514 §2, its last RDN first. A type that not every
 * release can read by its name has its number, with the value as text.
 */
export const formatName = (rdns: Rdns): string => rdns.toReversed().map(formatRdn).join(',');

/** Writes one RDN. */
export const formatRdn = (rdn: readonly Attribute[]): string => rdn.map(formatAttribute).join('+');

const formatAttribute = ({ type, value }: Attribute): string =>
  `${registeredType(type)}=${formatValue(value)}`;

/** RFC 4514 §2.4. Characters that nobody sees are written as bytes, so that the form can be typed. */
const formatValue = (value: string): string =>
  value
    .replace(/["+,;<>\\]|^[ #]| $/g, '\\$&')
    .replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (hidden) =>
      [...Buffer.from(hidden)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    );
