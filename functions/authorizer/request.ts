import { OAuthError } from '../oauth/oauth-error.ts';
import { bearerToken } from './bearer-token.ts';

/** An authorizer request, as what API Gateway sent and in the form that it wants answered. */
export type AuthorizerRequest = HttpApiRequest | RestApiRequest;

/** HTTP API, payload format 2.0: the answer is a simple response. */
interface HttpApiRequest {
  readonly format: 'simple';
  readonly access_token: string;
  /** The route key that API Gateway chose, such as `GET /orders/{id}`. */
  readonly route: string;
}

/** REST API: the answer is an IAM policy. */
interface RestApiRequest {
  readonly format: 'policy';
  readonly access_token: string;
  /** Absent from a TOKEN event, which knows only the path that the client wrote. */
  readonly route: string | undefined;
  /** ARN of the API's stage, without a trailing slash. */
  readonly stageArn: string;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads an authorizer event of API Gateway. The route is the one that API Gateway chose, never
 * the method or the path that the client wrote.
 * @throws OAuthError `invalid_request` for an event of any other shape, and for an access token
 *   that is missing, repeated, malformed or in the query.
 */
export function parseAuthorizerRequest(event: unknown): AuthorizerRequest {
  const members = record(event);
  const parse = parsers[`${optionalText(members.type)} ${optionalText(members.version ?? '1.0')}`];
  if (parse === undefined) return refuse('the event is not one of an API Gateway authorizer');
  return parse(members);
}

/** What the log may say about any event at all: the request's id and its route. */
export function requestTrace(event: unknown): Readonly<Record<string, string | undefined>> {
  const members = record(event);
  return {
    request_id: optionalText(record(members.requestContext).requestId),
    route: optionalText(members.routeKey) ?? optionalText(restRoute(members)),
  };
}

const parsers: Readonly<Record<string, ((event: Members) => AuthorizerRequest) | undefined>> = {
  'REQUEST 2.0': (event) => ({
    format: 'simple',
    access_token: bearerToken(headerValues(event), queryNames(event)),
    route: text(event.routeKey, 'routeKey'),
  }),
  'REQUEST 1.0': (event) => ({
    format: 'policy',
    access_token: bearerToken(headerValues(event), queryNames(event)),
    route: text(restRoute(event), 'resource'),
    stageArn: stageArn(event.methodArn),
  }),
  'TOKEN 1.0': (event) => ({
    format: 'policy',
    access_token: bearerToken([event.authorizationToken], new Set()),
    route: undefined,
    stageArn: stageArn(event.methodArn),
  }),
};

function restRoute({ httpMethod, resource }: Members): string | undefined {
  const isRoute = typeof httpMethod === 'string' && typeof resource === 'string';
  return isRoute ? `${httpMethod} ${resource}` : undefined;
}

// Both records hold a REST header: `headers` its last value, `multiValueHeaders` all of them.
function headerValues(event: Members): readonly unknown[] {
  const single = authorizationValues(event.headers);
  const multiple = authorizationValues(event.multiValueHeaders).flat();
  return single.every((value) => multiple.includes(value)) ? multiple : [...single, ...multiple];
}

function authorizationValues(headers: unknown): readonly unknown[] {
  return Object.entries(record(headers))
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => value);
}

function queryNames(event: Members): ReadonlySet<string> {
  const raw = new URLSearchParams(optionalText(event.rawQueryString));
  return new Set([
    ...Object.keys(record(event.queryStringParameters)),
    ...Object.keys(record(event.multiValueQueryStringParameters)),
    ...raw.keys(),
  ]);
}

function stageArn(methodArn: unknown): string {
  const arn = /^(arn:aws[a-z-]*:execute-api:[\w-]*:\d+:[\w-]+\/[\w$-]+)\/[A-Z]+\//.exec(
    text(methodArn, 'methodArn'),
  )?.[1];
  return arn ?? refuse('methodArn is not the ARN of a method');
}

function text(value: unknown, name: string): string {
  return optionalText(value) ?? refuse(`the event has no ${name}`);
}

const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const record = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function refuse(cause: string): never {
  throw new OAuthError('invalid_request', 'the request cannot be authorized', { cause });
}
