/**
 * Attribute type -> its names in lower case, of those types that may be registered by name. All others are
 * registered by their number, which each release can read; administration knows their names.
 */
const names: Readonly<Record<string, readonly string[]>> = {
  '2.5.4.3': ['cn', 'commonname'],
  '2.5.4.4': ['sn', 'surname'],
  '2.5.4.5': ['serialnumber'],
  '2.5.4.6': ['c', 'countryname'],
  '2.5.4.7': ['l', 'localityname'],
  '2.5.4.8': ['st', 'stateorprovincename'],
  '2.5.4.9': ['street', 'streetaddress'],
  '2.5.4.10': ['o', 'organizationname'],
  '2.5.4.11': ['ou', 'organizationalunitname'],
  '2.5.4.12': ['title'],
  '2.5.4.13': ['description'],
  '2.5.4.15': ['businesscategory'],
  '2.5.4.17': ['postalcode'],
  '2.5.4.41': ['name'],
  '2.5.4.42': ['gn', 'givenname'],
  '2.5.4.43': ['initials'],
  '2.5.4.44': ['generationqualifier'],
  '2.5.4.46': ['dnqualifier'],
  '2.5.4.65': ['pseudonym'],
  '2.5.4.97': ['organizationidentifier'],
  '0.9.2342.19200300.100.1.1': ['uid', 'userid'],
  '0.9.2342.19200300.100.1.25': ['dc', 'domaincomponent'],
  '1.2.840.113549.1.9.1': ['emailaddress', 'e'],
};

const types = new Map(
  Object.entries(names).flatMap(([type, known]) => known.map((name) => [name, type] as const)),
);

/** The object identifier of an attribute type, named or dotted (RFC 4514 §3, `descr` / `numericoid`). */
export function attributeType(text: string): string | undefined {
  if (/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(text)) return text;
  return types.get(text.toLowerCase());
}
