import type { HttpRequest } from '../http/request.ts';
import { invalidClient, OAuthError } from '../oauth/oauth-error.ts';

/** The parameters of a form; each has one value, but for those that may be repeated. */
export type Form = ReadonlyMap<string, readonly string[]>;

/** Bytes that a body may have: many times what an honest request needs. */
const maxBodySize = 16_384;

// RFC 8707 §2 and RFC 8693 §2.1.
const repeatable = new Set(['resource', 'audience']);

/** What must never travel in a URI (RFC 6749 §2.3.1, §3.2), since URIs are logged. */
const neverInQuery = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
]);

/**
 * Reads the parameters of a token request from its form body (RFC 6749 §3.2, Appendix B).
 * @throws OAuthError `invalid_request` when they come in another way, twice, or too large.
 */
export function parseForm(http: HttpRequest): Form {
  checkQuery(http.query);
  checkContentType(http.headers.get('content-type') ?? '');
  checkSize(http.body);
  // The platform's own parser: no limit on the number of keys, and no prototype to pollute.
  // Behind an ampersand, since it would drop a question mark in front.
  const parameters = new URLSearchParams(`&${http.body}`);
  const form = new Map<string, readonly string[]>();
  for (const [name, value] of parameters) {
    // RFC 6749 §3.2: a parameter without a value is treated as omitted.
    if (value !== '') form.set(name, [...(form.get(name) ?? []), value]);
  }
  checkRepetition(form);
  return form;
}

function checkQuery(query: string): void {
  if (query === '') return;
  const names = [...new URLSearchParams(query).keys()];
  if (names.some((name) => neverInQuery.has(name))) refuse('parameters belong in the body alone');
}

function checkContentType(value: string): void {
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  if (type.trim() !== 'application/x-www-form-urlencoded') {
    refuse('the body must be of type application/x-www-form-urlencoded');
  }
  if (charset && !/^charset="?utf-8"?$/.test(charset)) refuse('the body must be encoded in UTF-8');
}

function checkSize(body: string): void {
  if (Buffer.byteLength(body) <= maxBodySize) return;
  // RFC 7521 §4.2.1: whatever is wrong with an assertion, its size too, is invalid_client.
  if (/(^|&)client_assertion=/.test(body)) throw invalidClient('the assertion is too large');
  refuse(`the body exceeds ${maxBodySize} bytes`);
}

function checkRepetition(form: Form): void {
  for (const [name, values] of form) {
    if (values.length > 1 && !repeatable.has(name)) refuse('a parameter is repeated');
  }
}

function refuse(description: string): never {
  throw new OAuthError('invalid_request', description);
}
