import { membersOf } from '../http/event-members.ts';
import type { HttpCall, HttpMiddleware } from '../http/http-function.ts';
import { invalidClient, OAuthError } from '../oauth/oauth-error.ts';

/** The parameters of a form that have a value: one without is treated as omitted (RFC 6749 §3.2). */
export interface Form {
  one(name: string): string | undefined;
  /** The values of a parameter that may be repeated. */
  all(name: string): readonly string[];
}

/** Reads what the form parser has made of the body: an object of texts and lists of texts. */
export function parseForm(body: unknown): Form {
  const parameters = membersOf(body);
  const all = (name: string): readonly string[] => {
    const given = parameters[name];
    return (Array.isArray(given) ? given : [given]).filter(hasValue);
  };
  const one = (name: string): string | undefined => {
    const given = parameters[name];
    return typeof given === 'string' ? given || undefined : all(name)[0];
  };
  return { one, all };
}

const hasValue = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Bytes that a body may have: many times what an honest request needs. */
const maxBodySize = 16_384;

/** Parameters that a body may have: many times what an honest request needs. */
const maxParameters = 100;

/** The parameters of client authentication (RFC 6749 §2.3.1, RFC 7521 §4.2). */
const authenticationParameters = [
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
] as const;

/** What an endpoint reads of a form, beside what authenticates the client. */
export interface FormParameters {
  readonly single: readonly string[];
  /** Those that may be given more than once. */
  readonly repeatable: readonly string[];
}

/** The names that an endpoint knows. */
interface Names {
  /**
   * None may travel in a URI (RFC 6749 §2.3.1, §3.2), since URIs are logged. A refusal names these alone: any other
   * name may be a secret in the wrong place.
   */
  readonly known: ReadonlySet<string>;
  readonly repeatable: ReadonlySet<string>;
}

/**
 * Lets only well-formed bodies (RFC 6749 §3.2, Appendix B) through to the form parser, which by itself
 * drops parameters after the 1,000th, replaces malformed escapes and takes repeated parameters. One pass
 * over the body, linear in its size. Refuses with `invalid_request`.
 */
export function formGuard({ single, repeatable }: FormParameters): HttpMiddleware {
  const known = new Set([...authenticationParameters, ...single, ...repeatable]);
  const names: Names = { known, repeatable: new Set(repeatable) };
  return { before: ({ event }) => checkForm(event, names) };
}

function checkForm({ query, headers, body }: HttpCall, names: Names): void {
  checkQuery(query, names);
  checkMediaType(headers.get('content-type') ?? '');
  const text = String(body);
  checkSize(text);
  checkParameters(text, names);
}

function checkQuery(query: string, { known }: Names): void {
  if (query === '') return;
  const given = [...new URLSearchParams(query).keys()];
  if (given.some((name) => known.has(name))) refuse('parameters belong in the body alone');
}

/**
 * RFC 9110 §8.3.1: without regard to case. The type defines no parameter, so each is ignored (RFC 2045 §5): clients
 * send UTF-8 under the charset of their library, and the octets decide. A comma parts two types.
 */
function checkMediaType(value: string): void {
  if (!/^[ \t]*application\/x-www-form-urlencoded[ \t]*(;[^,]*)?$/i.test(value))
    refuse('the body must be of type application/x-www-form-urlencoded');
}

function checkSize(body: string): void {
  if (Buffer.byteLength(body) <= maxBodySize) return;
  // RFC 7521 §4.2.1: whatever is wrong with an assertion, its size too, is invalid_client.
  if (/(^|&)client_assertion=/.test(body)) throw invalidClient('the assertion is too large');
  refuse(`the body exceeds ${maxBodySize} bytes`);
}

function checkParameters(body: string, names: Names): void {
  // What is no UTF-8 has become U+FFFD when the bytes were read.
  if (body.includes('\uFFFD')) refuse('the body must be encoded in UTF-8');
  const seen = new Set<string>();
  let count = 0;
  for (let start = 0; start < body.length; ) {
    const ampersand = body.indexOf('&', start);
    const end = ampersand < 0 ? body.length : ampersand;
    // An empty one counts too: it does for the parser's own limit, behind which parameters are lost.
    if (++count > maxParameters) refuse(`the body has more than ${maxParameters} parameters`);
    checkParameter(body.slice(start, end), seen, names);
    start = end + 1;
  }
}

/** @param seen the names that have had a value so far */
function checkParameter(parameter: string, seen: Set<string>, { known, repeatable }: Names): void {
  const equals = parameter.indexOf('=');
  const name = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
  const value = equals < 0 ? '' : parameter.slice(equals + 1);
  decoded(value);
  // RFC 6749 §3.2: a parameter without a value is treated as omitted.
  if (value === '' || repeatable.has(name)) return;
  if (seen.has(name)) refuse(`${known.has(name) ? name : 'a parameter'} is repeated`);
  seen.add(name);
}

/** A name or a value without its escapes; malformed ones, and bytes that are no UTF-8, are refused. */
function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return refuse('the body has an escape that is malformed, or no UTF-8');
  }
}

function refuse(description: string): never {
  throw new OAuthError('invalid_request', description);
}
