import { type Answer, type HeaderList, header, type TlsIdentity } from '../../../cli/io/http.ts';
import { check, type Deployment, NotOffered } from '../conformance-case.ts';
import type { ClientName } from '../throw-away.ts';
import { basic, checkIssued, requestToken } from './token-request.ts';

/** What is sent to the API behind the authorizer. */
interface ApiRequest {
  /** @default 'GET' */
  readonly method?: string;
  /** Values of the Authorization header, each in a header of its own. */
  readonly authorization?: readonly string[];
  readonly headers?: HeaderList;
  /** Without the question mark. */
  readonly query?: string;
  readonly body?: string;
  readonly tls?: TlsIdentity;
}

const restApiHeaders = ['x-amzn-requestid', 'x-amz-apigw-id'];

/** Gets a client's access token in the usual way (RFC 6749 §4.4). */
export async function accessToken(deployment: Deployment, name: ClientName): Promise<string> {
  const authorization = basic(deployment.client(name));
  return checkIssued(await requestToken(deployment, { authorization })).access_token;
}

/** Calls the API. */
export function callApi(deployment: Deployment, request: ApiRequest): Promise<Answer> {
  const { method = 'GET', authorization = [], headers = [], query = '', body = '', tls } = request;
  const url = new URL(deployment.api);
  if (query) url.search = query;
  const credentials = authorization.map((value) => ['Authorization', value] as const);
  return deployment.send({ url, method, headers: [...credentials, ...headers], body, tls });
}

/** Calls the API with a bearer token (RFC 6750 §2.1). */
export function callWithToken(deployment: Deployment, token: string): Promise<Answer> {
  return callApi(deployment, { authorization: [`Bearer ${token}`] });
}

/**
 * Calls the API with a token that has no scope, and is refused.
 * @throws NotOffered when it is let in
 */
export async function callWithoutScope(deployment: Deployment): Promise<Answer> {
  const answer = await callWithToken(deployment, await accessToken(deployment, 'onlooker'));
  if (isLetIn(answer)) throw new NotOffered('GET asks for no scope');
  return answer;
}

/** Whether the API behind the authorizer has answered. */
export const isLetIn = ({ status }: Answer): boolean => status >= 200 && status <= 299;

/** Whether an answer is one of Amazon API Gateway's HTTP APIs. */
export const isFromHttpApi = (answer: Answer): boolean =>
  header(answer, 'apigw-requestid') !== undefined;

/** Whether an answer is one of Amazon API Gateway's, of an HTTP API or a REST API. */
export const isFromApiGateway = (answer: Answer): boolean =>
  isFromHttpApi(answer) || restApiHeaders.some((name) => header(answer, name) !== undefined);

/** Checks that the authorizer lets this through. */
export function checkLetIn(what: string, answer: Answer): void {
  check(isLetIn(answer), `${what} is answered ${answer.status}`);
}

/** Checks that the authorizer keeps this out, whatever the status that says so. */
export function checkKeptOut(what: string, answer: Answer): void {
  check(!isLetIn(answer), `${what} is let in with ${answer.status}`);
}

/**
 * Checks that the API lets in the token that others were made from, and none of the others.
 * @param others what each is -> the token
 */
export async function checkOnlyLetIn(
  deployment: Deployment,
  token: string,
  others: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [what, other] of Object.entries(others)) {
    checkKeptOut(what, await callWithToken(deployment, other));
  }
  checkLetIn('a right token', await callWithToken(deployment, token));
  deployment.saw(`not let in: ${Object.keys(others).join(', ')}`);
}
