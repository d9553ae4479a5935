import { newJti } from '../../functions/token/access-token.ts';
import type { Call } from './call.ts';
import {
  type AuthorizerContext,
  commonLogTime,
  type EventContext,
  testAccountId,
  testSourceIp,
} from './http-api-event.ts';

type Values = Readonly<Record<string, string>>;
type MultiValues = Readonly<Record<string, string[]>>;

/** An event of a REST API (Lambda proxy integration). */
export interface RestApiEvent {
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Values;
  readonly multiValueHeaders: MultiValues;
  readonly queryStringParameters: Values | null;
  readonly multiValueQueryStringParameters: MultiValues | null;
  readonly pathParameters: Values | null;
  readonly stageVariables: null;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    /** Only of a call that is `authorized`. */
    readonly authorizer?: AuthorizerContext;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly extendedRequestId: string;
    readonly httpMethod: string;
    readonly identity: {
      readonly clientCert?: { readonly clientCertPem: string };
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly path: string;
    readonly protocol: string;
    readonly requestId: string;
    readonly requestTime: string;
    readonly requestTimeEpoch: number;
    readonly resourceId: string;
    readonly resourcePath: string;
    readonly stage: string;
  };
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** Describes a call to the function of a REST API. */
export function restApiEvent(call: Call, { now, context }: EventContext): RestApiEvent {
  const { method, path, headers, query, certificate, host } = call;
  const resource = call.route.replace(/^[A-Z]+ /, '');
  const requestId = newJti();
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: inLists(headers),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query ? inLists(query) : null,
    pathParameters: call.pathParameters ?? null,
    stageVariables: null,
    requestContext: {
      accountId: testAccountId,
      apiId: call.apiId,
      ...(context && { authorizer: context }),
      domainName: host,
      domainPrefix: host.replace(/\..*$/, ''),
      extendedRequestId: requestId,
      httpMethod: method,
      identity: {
        ...(certificate && { clientCert: { clientCertPem: certificate } }),
        sourceIp: testSourceIp,
        userAgent: 'test',
      },
      path,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now * 1000,
      resourceId: 'test00',
      resourcePath: resource,
      stage: 'prod',
    },
    body: call.body ?? null,
    isBase64Encoded: false,
  };
}

const inLists = (values: Values): MultiValues =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
