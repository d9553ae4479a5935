import { randomBytes } from 'node:crypto';
import { accountId, region } from '../account/local-account.ts';
import type { GatewayRequest } from './request.ts';

/** An event in the payload format 2.0 of HTTP APIs. */
export type HttpEvent = Readonly<Record<string, unknown>> & {
  readonly routeKey: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters: Readonly<Record<string, string>> | undefined;
  readonly requestContext: Readonly<Record<string, unknown>> & {
    readonly requestId: string;
    readonly http: Readonly<Record<string, unknown>> & {
      readonly method: string;
      readonly path: string;
    };
  };
};

/** The route that a request goes, and what its path variables took. */
interface MatchedRoute {
  readonly route: { readonly key: string };
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The only stage that the local stack knows. It adds nothing to the path. */
const stage = '$default';

/** Describes a request to a function; `now` is a NumericDate. Members without a value are absent. */
export function httpEvent(
  request: GatewayRequest,
  { route, pathParameters }: MatchedRoute,
  { apiId, requestId, now }: { apiId: string; requestId: string; now: number },
): HttpEvent {
  const isBase64Encoded = request.body.length > 0 && !isText(request.headers['content-type']);
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: request.path,
    rawQueryString: request.rawQueryString,
    cookies: request.cookies.length > 0 ? request.cookies : undefined,
    headers: { ...request.headers, ...forwarded(request) },
    queryStringParameters: queryParameters(request.rawQueryString),
    pathParameters: nonEmpty(pathParameters),
    requestContext: {
      accountId,
      apiId,
      authentication: request.clientCertificate && { clientCert: request.clientCertificate },
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: {
        method: request.method,
        path: request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.key,
      stage,
      time: commonLogTime(now),
      timeEpoch: Math.floor(now * 1000),
    },
    body: request.body.length > 0 ? text(request.body, isBase64Encoded) : undefined,
    isBase64Encoded,
  };
}

/** The event of the authorizer's function (its payload format 2.0): the request without its body. */
export function authorizerEvent(event: HttpEvent, identitySource: readonly string[]): object {
  const { body: _body, isBase64Encoded: _isBase64Encoded, ...request } = event;
  const apiArn = `arn:aws:execute-api:${region}:${accountId}:${event.requestContext.apiId}`;
  const { method, path } = event.requestContext.http;
  const routeArn = `${apiArn}/${stage}/${method}${path}`;
  return { ...request, type: 'REQUEST', routeArn, identitySource };
}

/**
 * Whether an HTTP API passes a body of this type on as text; all others are base64, forms and
 * bodies without a type among them. AWS does not list the types; these were measured on AWS
 * (https://github.com/ministackorg/ministack/pull/766).
 */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^(text\/.+|application\/(json|javascript|xml))$/.test(type);
}

const text = (body: Buffer, isBase64Encoded: boolean) =>
  body.toString(isBase64Encoded ? 'base64' : 'utf8');

function forwarded({
  headers,
  sourceIp,
  port,
  scheme,
  body,
}: GatewayRequest): Record<string, string> {
  const hops = [headers['x-forwarded-for'], sourceIp].filter(Boolean);
  return {
    'content-length': String(body.length),
    'x-amzn-trace-id': `Root=1-${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': hops.join(', '),
    'x-forwarded-port': String(port),
    'x-forwarded-proto': scheme,
  };
}

/** Decoded, and joined by commas where a name comes several times. */
function queryParameters(rawQueryString: string): Record<string, string> | undefined {
  const query = new URLSearchParams(rawQueryString);
  return nonEmpty(Object.fromEntries([...query.keys()].map((n) => [n, query.getAll(n).join(',')])));
}

const nonEmpty = <Value extends object>(value: Value): Value | undefined =>
  Object.keys(value).length > 0 ? value : undefined;

/** Such as `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now * 1000).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
