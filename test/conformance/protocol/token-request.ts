import { type Answer, type HeaderList, header } from '../../../cli/io/http.ts';
import { type JsonObject, jsonObject } from '../../../cli/io/json-answer.ts';
import { check, checkSame, type Deployment } from '../conformance-case.ts';
import type { ThrowAwayClient } from '../throw-away.ts';

/** The members of a form, of which one may be repeated. */
export type Form = readonly (readonly [name: string, value: string])[];

/** What is sent to the token endpoint. */
export interface TokenRequest {
  /** Parameters beside `grant_type`, or all of them as they are to be sent. */
  readonly form?: Form | string;
  /** @default none; `basic(client)` makes the usual one */
  readonly authorization?: string;
  /** Beside or instead of the usual Content-Type. */
  readonly headers?: HeaderList;
  /** @default 'POST' */
  readonly method?: string;
  /** What stands behind the path. */
  readonly query?: string;
}

/** Basic credentials, both halves form-encoded (RFC 6749 §2.3.1). */
export function basic({ client_id, client_secret }: ThrowAwayClient): string {
  const halves = [client_id, client_secret].map(formEncoded);
  return `Basic ${Buffer.from(halves.join(':')).toString('base64')}`;
}

/** The parameters of a client that authenticates in the body (RFC 6749 §2.3.1). */
export function inBody({ client_id, client_secret }: ThrowAwayClient): Form {
  return [
    ['client_id', client_id],
    ['client_secret', client_secret],
  ];
}

/** Sends a request to the token endpoint, by default a right one (RFC 6749 §4.4.2). */
export function requestToken(deployment: Deployment, request: TokenRequest): Promise<Answer> {
  const { form = [], authorization, headers = [formType], method = 'POST', query = '' } = request;
  const credentials =
    authorization === undefined ? [] : [['Authorization', authorization] as const];
  const body = typeof form === 'string' ? form : formText([grantType, ...form]);
  const url = new URL(deployment.endpoint('token_endpoint'));
  url.search = query;
  return deployment.send({
    url,
    method,
    headers: [...credentials, ...headers],
    ...(method !== 'GET' && { body }),
  });
}

/** Checks that an answer is a success (RFC 6749 §5.1) and gives its members. */
export function checkIssued(answer: Answer): JsonObject & { readonly access_token: string } {
  const members = jsonObject(answer);
  const { access_token } = members;
  const error = members.error === undefined ? '' : ` ${members.error}`;
  check(answer.status === 200, `a right request is answered ${answer.status}${error}`);
  check(typeof access_token === 'string', 'access_token is no string');
  return { ...members, access_token };
}

/** Checks that an answer is this error (RFC 6749 §5.2), and that it carries no token. */
export function checkRefused(what: string, answer: Answer, expected: readonly [number, string]) {
  const { error, access_token } = jsonObject(answer);
  check(access_token === undefined, `${what} gets a token`);
  checkSame(`the answer to ${what}`, [answer.status, error], expected);
}

/**
 * Checks that a client does not authenticate (RFC 6749 §5.2). Which status is right depends on how it has tried: rule
 * A20 looks at that.
 */
export function checkInvalidClient(what: string, answer: Answer): void {
  checkRefused(what, answer, [answer.status === 401 ? 401 : 400, 'invalid_client']);
}

/**
 * Checks that credentials which are missing or malformed are refused. Whether that is a client
 * that fails to authenticate or a request that is malformed, RFC 6749 §5.2 leaves open.
 */
export function checkNotAuthenticated(what: string, answer: Answer): void {
  const isMalformed = jsonObject(answer).error === 'invalid_request';
  if (isMalformed) checkRefused(what, answer, [400, 'invalid_request']);
  else checkInvalidClient(what, answer);
}

/** Checks that no cache may keep an answer (RFC 6749 §5.1). */
export function checkNotCached(what: string, answer: Answer): void {
  checkListed(`Cache-Control of ${what}`, header(answer, 'cache-control'), 'no-store');
  checkListed(`Pragma of ${what}`, header(answer, 'pragma'), 'no-cache');
}

/** Checks that the list in a header has this word in it, in any case of letters. */
export function checkListed(what: string, value: string | undefined, wanted: string): void {
  const words = value?.split(',').map((word) => word.trim().toLowerCase()) ?? [];
  check(words.includes(wanted.toLowerCase()), `${what} is ${value ?? 'missing'}, not ${wanted}`);
}

/** Writes a form as application/x-www-form-urlencoded (RFC 6749 Appendix B). */
export function formText(form: Form): string {
  return form.map(([name, value]) => `${formEncoded(name)}=${formEncoded(value)}`).join('&');
}

/** The header of a token request that says how its parameters are written (RFC 6749 §4.4.2). */
export const formType = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

const grantType = ['grant_type', 'client_credentials'] as const;

/** RFC 6749 Appendix B. */
function formEncoded(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1);
}
