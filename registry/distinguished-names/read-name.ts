import {
  type Attribute,
  distinguishedName,
  parseDistinguishedName,
} from '../../functions/oauth/distinguished-name.ts';
import { RegistryError } from '../registry-error.ts';
import { attributeTypeNamed } from './attribute-names.ts';
import { readValue } from './attribute-value.ts';
import { countryNote } from './country-code.ts';
import { formatName, formatRdn, type Rdns } from './format-name.ts';
import { parseWrittenName, type WrittenName } from './written-name.ts';

/** The subject of a certificate, to be registered. */
export interface SubjectName {
  /** In the form in which it is registered. */
  readonly dn: string;
  /** What people should see of how it was read; undefined: nothing. */
  readonly note: string | undefined;
}

const maxLength = 1000;

/**
 * Reads a distinguished name as RFC 4514 writes it, or as OpenSSL, Java and Windows print it.
 * @throws RegistryError when it is none, or cannot be told from another
 */
export function readSubjectName(text: string): SubjectName {
  if (text.length > maxLength * 4) refuse(tooLong);
  const written = parseWrittenName(text);
  const read = written.rdns.map((rdn) => rdn.map((attribute) => readAttribute(attribute, written)));
  const rdns = isInOrder(written, read) ? read : read.toReversed();
  if (formatName(rdns).length > maxLength) refuse(tooLong);
  const dn = registeredName(rdns) ?? refuse(isNone);
  const isPlain = dn === text && !descends(read);
  const notes = [isPlain ? undefined : noteOf(dn, rdns), countryNote(rdns)];
  return { dn, note: notes.filter((note) => note !== undefined).join(' ') || undefined };
}

/**
 * Says how a name is registered: what is registered must be what was read.
 * @returns undefined for one that is too long, or none
 */
export function registeredName(rdns: Rdns): string | undefined {
  const dn = formatName(rdns);
  const name = distinguishedName(rdns);
  const isRight = name !== undefined && parseDistinguishedName(dn) === name;
  return isRight && dn.length <= maxLength ? dn : undefined;
}

function noteOf(dn: string, rdns: Rdns): string {
  const begins =
    rdns.length > 1 ? `, of a certificate whose name begins with ${formatRdn(rdns[0] ?? [])}` : '';
  return `The subject is registered as ${dn}${begins}.`;
}

function readAttribute(text: string, { notation, isOpenssl, rdns }: WrittenName): Attribute {
  const [, name = '', written = ''] =
    /^\s*([^\s=]+)\s*=(.*)$/s.exec(text) ?? refuse(rdns.length > 1 ? partProblem(text) : isNone);
  const type = attributeTypeNamed(name, isOpenssl);
  if (type === undefined) refuse(`${hasType} ${named(name)}, ${unknownType}`);
  const value = readValue(written, notation) ?? refuse(isNone);
  if (value === '')
    refuse(`--tls-subject-dn has no value for ${name}: no certificate has such a part`);
  return value.includes('\uFFFD') ? refuse(isNone) : { type, value };
}

/** Where both orders are usual, a name that goes from the root to a leaf is in that of the certificate. */
const isInOrder = ({ inOrder }: WrittenName, read: Rdns): boolean => inOrder ?? descends(read);

/** Types by their place in a directory: country or domain, state, locality, organization, its unit, the leaf. */
const levels = [
  ['2.5.4.6', '0.9.2342.19200300.100.1.25'],
  ['2.5.4.8'],
  ['2.5.4.7'],
  ['2.5.4.10'],
  ['2.5.4.11'],
  ['2.5.4.3', '0.9.2342.19200300.100.1.1'],
];

/** Of the RDNs that have a place, the first and the last tell. */
function descends(rdns: Rdns): boolean {
  const places = rdns
    .map((rdn) => levels.findIndex((types) => rdn.some(({ type }) => types.includes(type))))
    .filter((place) => place >= 0);
  return Number(places[0]) < Number(places.at(-1));
}

const tooLong = `--tls-subject-dn must not be longer than ${maxLength} characters`;
const isNone =
  '--tls-subject-dn must be a distinguished name as RFC 4514 writes it, such as CN=billing,O=Example, or as openssl prints it; --tls-certificate FILE takes it out of the certificate';
/** The most frequent mistake: a comma that nothing escapes, as in `O=Acme, Inc.`. */
const partProblem = (text: string): string =>
  text.trim() === '' || text.includes('=')
    ? isNone
    : `--tls-subject-dn has a part ${named(text.trim())} without an equals sign: write a comma within a value as \\,`;
const named = (text: string): string => JSON.stringify(text.slice(0, 60));
const hasType = '--tls-subject-dn has an attribute of type';
const unknownType = 'which is not known here: write its number, as in 2.5.4.97=VATDE-123';

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
