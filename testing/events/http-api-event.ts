import { newJti } from '../../functions/token/access-token.ts';
import type { Call } from './call.ts';

/** What an authorizer tells of a token; absent where there was none. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** An event of an HTTP API (payload format 2.0). */
export interface HttpApiEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authentication?: { readonly clientCert: { readonly clientCertPem: string } };
    /** Only of a call that is `authorized`. */
    readonly authorizer?: { readonly lambda: AuthorizerContext };
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** When an event is made, a NumericDate, and what an authorizer has told of its token. */
export interface EventContext {
  readonly now: number;
  readonly context: AuthorizerContext | undefined;
}

/** Describes a call to the function of an HTTP API. Members without a value are absent. */
export function httpApiEvent(call: Call, { now, context }: EventContext): HttpApiEvent {
  const { method, query, pathParameters, body, certificate } = call;
  const path = decodeURI(call.path);
  return {
    version: '2.0',
    routeKey: call.route,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: call.headers,
    ...(query && { queryStringParameters: query }),
    ...(pathParameters && { pathParameters }),
    requestContext: {
      accountId: testAccountId,
      apiId: call.apiId,
      ...(certificate && { authentication: { clientCert: { clientCertPem: certificate } } }),
      ...(context && { authorizer: { lambda: context } }),
      domainName: call.host,
      domainPrefix: call.host.replace(/\..*$/, ''),
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: testSourceIp, userAgent: 'test' },
      requestId: newJti(),
      routeKey: call.route,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now * 1000,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

/** What AWS documents as an example. */
export const testAccountId = '123456789012';
/** RFC 5737 §3. */
export const testSourceIp = '192.0.2.1';

/** A NumericDate such as `12/Mar/2020:19:03:58 +0000`. */
export function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now * 1000).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
