import { headerValues, isInQuery, type Members, membersOf, textOf } from '../http/event-members.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import {
  httpApiPossession,
  type PresentedPossession,
  restApiPossession,
} from './presented-possession.ts';
import { type PresentedToken, presentedToken } from './presented-token.ts';
import { type RequestedRoute, requestedRoute, routeOfArn } from './requested-route.ts';

/** An authorizer request, as what API Gateway sent and in the form that it wants answered. */
export type AuthorizerRequest = HttpApiRequest | RestApiRequest;

/** The token of a request, and what came along with it. */
interface Presented extends PresentedToken {
  /** Undefined: a TOKEN event does not tell. */
  readonly possession: PresentedPossession | undefined;
}

/** HTTP API, payload format 2.0: the answer is a simple response. */
export interface HttpApiRequest extends Presented {
  readonly format: 'simple';
  readonly route: RequestedRoute;
}

/** REST API: the answer is an IAM policy. */
export interface RestApiRequest extends Presented {
  readonly format: 'policy';
  /** Without its key in a TOKEN event, which knows only the path that the client wrote. */
  readonly route: RequestedRoute;
  /** Of the request itself. */
  readonly methodArn: string;
  /** ARN of the API's stage, without a trailing slash. */
  readonly stageArn: string;
}

/**
 * Reads an authorizer event of API Gateway. The route is the one that API Gateway chose.
 * @throws OAuthError `invalid_request` for an event of any other shape, and for an access token
 *   that is missing, repeated, malformed or in the query.
 */
export function parseAuthorizerRequest(event: unknown): AuthorizerRequest {
  const members = membersOf(event);
  const parse = parsers[`${textOf(members.type)} ${textOf(members.version ?? '1.0')}`];
  if (parse === undefined) return refuse('the event is not one of an API Gateway authorizer');
  return parse(members);
}

/** What the log may say about any event at all: the request's id and its route. */
export function requestTrace(event: unknown): Readonly<Record<string, string | undefined>> {
  const members = membersOf(event);
  return {
    request_id: textOf(membersOf(members.requestContext).requestId),
    route: textOf(members.routeKey) ?? textOf(restRoute(members)),
  };
}

const parsers: Readonly<Record<string, ((event: Members) => AuthorizerRequest) | undefined>> = {
  'REQUEST 2.0': parseHttpApiRequest,
  'REQUEST 1.0': parseRestApiRequest,
  'TOKEN 1.0': (event) => ({
    format: 'policy',
    ...presentedToken([event.authorizationToken], false),
    possession: undefined,
    route: routeOfArn(event.methodArn),
    methodArn: text(event.methodArn, 'methodArn'),
    stageArn: stageArn(event),
  }),
};

/**
 * Reads the event that an HTTP API hands over (payload 2.0), to an authorizer or to a function of its own.
 * @throws OAuthError `invalid_request`
 */
export function parseHttpApiRequest(event: Members): HttpApiRequest {
  const { http } = membersOf(event.requestContext);
  const asked = {
    method: text(membersOf(http).method, 'method'),
    path: text(event.rawPath, 'rawPath'),
  };
  const key = text(event.routeKey, 'routeKey');
  return {
    format: 'simple',
    ...presentedToken(headerValues(event, 'authorization'), isInQuery(event, 'access_token')),
    possession: httpApiPossession(event, asked),
    route: requestedRoute(event, { key, ...asked, arn: event.routeArn }),
  };
}

function parseRestApiRequest(event: Members): RestApiRequest {
  const asked = {
    method: text(event.httpMethod, 'httpMethod'),
    path: text(event.path, 'path'),
  };
  const key = `${asked.method} ${text(event.resource, 'resource')}`;
  const methodArn = text(event.methodArn, 'methodArn');
  return {
    format: 'policy',
    ...presentedToken(headerValues(event, 'authorization'), isInQuery(event, 'access_token')),
    possession: restApiPossession(event, asked),
    route: requestedRoute(event, { key, ...asked, arn: methodArn }),
    methodArn,
    stageArn: stageArn(event),
  };
}

function restRoute({ httpMethod, resource }: Members): string | undefined {
  const isRoute = typeof httpMethod === 'string' && typeof resource === 'string';
  return isRoute ? `${httpMethod} ${resource}` : undefined;
}

/** The ARN of the stage of a REST API's event, without a trailing slash; undefined: it is none. */
export const stageArnOf = (event: unknown): string | undefined =>
  methodArn.exec(textOf(membersOf(event).methodArn) ?? '')?.[1];

const methodArn = /^(arn:aws[a-z-]*:execute-api:[\w-]*:\d+:[\w-]+\/[\w$-]+)\/[A-Z]+\//;

const stageArn = (event: Members): string =>
  stageArnOf(event) ?? refuse('methodArn is not the ARN of a method');

function text(value: unknown, name: string): string {
  return textOf(value) ?? refuse(`the event has no ${name}`);
}

function refuse(cause: string): never {
  throw new OAuthError('invalid_request', 'the request cannot be authorized', { cause });
}
