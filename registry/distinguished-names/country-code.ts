import { formatRdn, type Rdns } from './format-name.ts';

const twoLetters = [/^[A-Za-z]{2}$/, 'two letters'] as const;

/** Attribute type -> how the code of a country looks in it (X.520 §6.3, ISO 3166), and in words. */
const codes: Readonly<Record<string, readonly [RegExp, string]>> = {
  '2.5.4.6': twoLetters,
  '1.3.6.1.4.1.311.60.2.1.3': twoLetters,
  '2.5.4.98': [/^[A-Za-z]{3}$/, 'three letters'],
  '2.5.4.99': [/^\d{3}$/, 'three digits'],
};

/**
 * Says of which country a name has no code. It is no reason to refuse the name: keytool writes `C=Unknown` where
 * nobody answers it.
 * @returns undefined where each country is a code
 */
export function countryNote(rdns: Rdns): string | undefined {
  for (const attribute of rdns.flat()) {
    const [pattern, looks] = codes[attribute.type] ?? [];
    if (pattern?.test(attribute.value) === false) {
      return `${formatRdn([attribute])} is no country: its code has ${looks}. Only a certificate that says the same fits.`;
    }
  }
  return undefined;
}
