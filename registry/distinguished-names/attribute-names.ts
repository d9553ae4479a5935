import { attributeType } from '../../functions/oauth/attribute-types.ts';

/**
 * Attribute type -> its names: those of RFC 4514 §3 and RFC 4519, then the ones that OpenSSL, GnuTLS, Java and
 * Windows print. Here are all that certificates in use have: eIDAS (ETSI EN 319 412), EV, Open Finance Brasil,
 * and Russia's qualified ones.
 */
const names: Readonly<Record<string, readonly string[]>> = {
  '2.5.4.3': ['CN', 'commonName'],
  '2.5.4.4': ['surname', 'SN'],
  '2.5.4.5': ['serialNumber'],
  '2.5.4.6': ['C', 'countryName'],
  '2.5.4.7': ['L', 'localityName'],
  '2.5.4.8': ['ST', 'stateOrProvinceName', 'S', 'SP'],
  '2.5.4.9': ['STREET', 'streetAddress'],
  '2.5.4.10': ['O', 'organizationName'],
  '2.5.4.11': ['OU', 'organizationalUnitName'],
  '2.5.4.12': ['title', 'T'],
  '2.5.4.13': ['description'],
  '2.5.4.15': ['businessCategory'],
  '2.5.4.16': ['postalAddress'],
  '2.5.4.17': ['postalCode'],
  '2.5.4.18': ['postOfficeBox', 'POBox'],
  '2.5.4.19': ['physicalDeliveryOfficeName'],
  '2.5.4.20': ['telephoneNumber', 'phone'],
  '2.5.4.26': ['registeredAddress'],
  '2.5.4.41': ['name'],
  '2.5.4.42': ['givenName', 'GN', 'G'],
  '2.5.4.43': ['initials', 'I'],
  '2.5.4.44': ['generationQualifier', 'generation'],
  '2.5.4.45': ['x500UniqueIdentifier'],
  '2.5.4.46': ['dnQualifier', 'DNQ'],
  '2.5.4.51': ['houseIdentifier'],
  '2.5.4.54': ['dmdName'],
  '2.5.4.65': ['pseudonym'],
  '2.5.4.72': ['role'],
  '2.5.4.97': ['organizationIdentifier'],
  '2.5.4.98': ['countryCode3c', 'c3'],
  '2.5.4.99': ['countryCode3n', 'n3'],
  '0.9.2342.19200300.100.1.1': ['UID', 'userId'],
  '0.9.2342.19200300.100.1.3': ['mail', 'rfc822Mailbox'],
  '0.9.2342.19200300.100.1.25': ['DC', 'domainComponent'],
  '0.9.2342.19200300.100.1.44': ['uniqueIdentifier'],
  '1.2.840.113549.1.9.1': ['emailAddress', 'E', 'email'],
  '1.2.840.113549.1.9.2': ['unstructuredName'],
  '1.2.840.113549.1.9.8': ['unstructuredAddress'],
  '1.3.6.1.4.1.311.60.2.1.1': ['jurisdictionL', 'jurisdictionLocalityName'],
  '1.3.6.1.4.1.311.60.2.1.2': ['jurisdictionST', 'jurisdictionStateOrProvinceName'],
  '1.3.6.1.4.1.311.60.2.1.3': ['jurisdictionC', 'jurisdictionCountryName'],
  '1.2.643.3.131.1.1': ['INN'],
  '1.2.643.100.1': ['OGRN'],
  '1.2.643.100.3': ['SNILS'],
  '1.2.643.100.4': ['INNLE'],
  '1.2.643.100.5': ['OGRNIP'],
};

/** GnuTLS has the names of the EV guidelines. */
const withoutIncorporation = (name: string): string =>
  name.replace(/^jurisdictionofincorporation/, 'jurisdiction');

const types = new Map(
  Object.entries(names).flatMap(([type, known]) =>
    known.map((name) => [name.toLowerCase(), type] as const),
  ),
);

/** OpenSSL's short name of uniqueIdentifier, which differs from UID by its case alone. */
const shortUniqueIdentifier = 'uid';

/**
 * The object identifier of an attribute type as people and programs write it: a name, `2.5.4.3`, or `OID.2.5.4.3`.
 * @param isOpenssl whether OpenSSL has written it
 */
export function attributeTypeNamed(text: string, isOpenssl = false): string | undefined {
  if (isOpenssl && text === shortUniqueIdentifier) return types.get('uniqueidentifier');
  const name = text.toLowerCase();
  return types.get(withoutIncorporation(name)) ?? attributeType(name.replace(/^oid\./, ''));
}

/**
 * How an attribute type is registered: by a name that every release can read, or by its number.
 */
export function registeredType(type: string): string {
  const [name = type] = names[type] ?? [];
  return attributeType(name) === type ? name : type;
}
