/** The members of an event, or of an object in it, none of which can be relied upon. */
export type Members = Readonly<Record<string, unknown>>;

/** What is an object, as members; anything else has none. */
export const membersOf = (value: unknown): Members => (isObject(value) ? value : none);

const none: Members = {};

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** What is a text; anything else is undefined. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/**
 * All values of a header. A REST event has it in two records: `headers` with its last value, and
 * `multiValueHeaders` with all of them.
 * @param name in lower case
 */
export function headerValues(event: Members, name: string): readonly unknown[] {
  const single = valuesIn(event.headers, name);
  const multiple = valuesIn(event.multiValueHeaders, name).flat();
  return single.every((value) => multiple.includes(value)) ? multiple : [...single, ...multiple];
}

function valuesIn(headers: unknown, wanted: string): readonly unknown[] {
  const members = membersOf(headers);
  return Object.keys(members)
    .filter((name) => name.toLowerCase() === wanted)
    .map((name) => members[name]);
}

/** Whether the query has a parameter of this name, in whichever form the event has it. */
export function isInQuery(event: Members, name: string): boolean {
  const raw = textOf(event.rawQueryString) ?? '';
  return (
    Object.hasOwn(membersOf(event.queryStringParameters), name) ||
    Object.hasOwn(membersOf(event.multiValueQueryStringParameters), name) ||
    (raw !== '' && new URLSearchParams(raw).has(name))
  );
}
