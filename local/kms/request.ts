import { KmsError } from './kms-error.ts';

/** The JSON object of a KMS request. */
export type KmsRequest = Readonly<Record<string, unknown>>;

/** Reads a member that must be there, as text that is not empty. */
export function text(request: KmsRequest, name: string): string {
  const value = optionalText(request, name);
  return value || invalid('null', name, 'Member must not be null');
}

/** Reads a member that may be missing. */
export function optionalText(request: KmsRequest, name: string): string | undefined {
  const value = request[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new KmsError('SerializationException', `${name} is not a string`);
}

/** Reads a member that is one of a few words; the first of them is the default. */
export function oneOf(request: KmsRequest, name: string, words: readonly [string, ...string[]]) {
  const value = optionalText(request, name) ?? words[0];
  const set = `Member must satisfy enum value set: [${words.join(', ')}]`;
  return words.includes(value) ? value : invalid(`'${value}'`, name, set);
}

/** Reads a whole number between two bounds. */
export function integer(
  request: KmsRequest,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const value = request[name] ?? otherwise;
  if (typeof value !== 'number') {
    throw new KmsError('SerializationException', `${name} is not a number`);
  }
  if (value < least) return invalid(`'${value}'`, name, `Member must be at least ${least}`);
  return value > most ? invalid(`'${value}'`, name, `Member must be at most ${most}`) : value;
}

/** Reads a base64 member of at least one octet. */
export function octets(request: KmsRequest, name: string, most = 4096): Buffer {
  const value = Buffer.from(text(request, name), 'base64');
  const length = `Member must have length less than or equal to ${most}`;
  return value.length > most ? invalid('', name, length) : value;
}

/** Reads a list of any elements; an empty one when it is missing. */
export function list(request: KmsRequest, name: string): readonly unknown[] {
  const value = request[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new KmsError('SerializationException', `${name} is not a list`);
}

/** Reads a map of texts; an empty one when it is missing. */
export function texts(request: KmsRequest, name: string): Readonly<Record<string, string>> {
  const value = request[name] ?? {};
  if (isMapOfTexts(value)) return value;
  throw new KmsError('SerializationException', `${name} is not a map of strings`);
}

const isMapOfTexts = (value: object): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string');

/** An element of a list as an object; one without members when the element is no object. */
export const member = (entry: unknown): KmsRequest => ({
  ...(typeof entry === 'object' ? entry : {}),
});

/** Reads a list of {TagKey, TagValue}; none when it is missing. */
export function tags(request: KmsRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(list(request, 'Tags').map(tag));
}

function tag(entry: unknown): readonly [string, string] {
  const pair = member(entry);
  const key = text(pair, 'TagKey');
  if (key.startsWith('aws:')) throw new KmsError('TagException', 'a tag key begins with aws:');
  return [key, optionalText(pair, 'TagValue') ?? ''];
}

/** The refusal of a value, as KMS words it. */
function invalid(value: string, name: string, constraint: string): never {
  const where = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const subject = value ? `Value ${value} at '${where}'` : `Value at '${where}'`;
  throw new KmsError(
    'ValidationException',
    `1 validation error detected: ${subject} failed to satisfy constraint: ${constraint}`,
  );
}
