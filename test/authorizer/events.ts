import { stageArn } from '../support/rest-authorizer.ts';

// Events as API Gateway documents them, for `GET /orders/7` at the route `GET /orders/{id}`.
type Members = Readonly<Record<string, unknown>>;

/** HTTP API, payload format 2.0. */
export function httpEvent(authorization: string | undefined, changes: Members = {}): Members {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${stageArn}/GET/orders/7`,
    identitySource: [authorization, 'GET /orders/{id}'],
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/7',
    rawQueryString: '',
    headers: { authorization, host: 'abcdef1234.execute-api.us-east-1.amazonaws.com' },
    requestContext: { requestId: 'JKJaXmPLvHcESHA=', http: { method: 'GET', path: '/orders/7' } },
    ...changes,
  };
}

/**
 * What the event of an HTTP API says of another request.
 * @param request method and path
 * @param routeKey where API Gateway gives it to another route than the one of that name
 */
export function asked(request: string, routeKey = request): Members {
  const [, method = '', path = ''] = /^(\S*) (.*)$/s.exec(request) ?? [];
  return {
    routeKey,
    rawPath: path,
    routeArn: `${stageArn}/${method}${path}`,
    requestContext: { requestId: 'JKJaXmPLvHcESHA=', http: { method, path } },
  };
}

/** REST API, REQUEST authorizer. */
export function restEvent(authorization: string | undefined, changes: Members = {}): Members {
  return {
    type: 'REQUEST',
    methodArn: `${stageArn}/GET/orders/7`,
    resource: '/orders/{id}',
    path: '/orders/7',
    httpMethod: 'GET',
    headers: { Authorization: authorization },
    multiValueHeaders: { Authorization: [authorization] },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    pathParameters: { id: '7' },
    stageVariables: {},
    requestContext: { requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' },
    ...changes,
  };
}

/** REST API, TOKEN authorizer. */
export function tokenEvent(authorization: string | undefined, changes: Members = {}): Members {
  return {
    type: 'TOKEN',
    authorizationToken: authorization,
    methodArn: `${stageArn}/GET/orders/7`,
    ...changes,
  };
}

/** The three formats by name. */
export const events = { HTTP: httpEvent, REQUEST: restEvent, TOKEN: tokenEvent } as const;
