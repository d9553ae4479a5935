import { GatewayError } from './gateway-error.ts';

/** What goes back to the client. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

type Payload = Readonly<Record<string, unknown>>;

/**
 * Makes the response from what a function returned (payload format 2.0). A value without
 * `statusCode` becomes the body of a 200, as JSON.
 * @throws GatewayError 500 when a member is not of its type
 */
export function functionResponse(payload: unknown): GatewayResponse {
  if (!isStructured(payload)) return inferred(payload);
  const { body = '', isBase64Encoded = false } = payload;
  if (typeof body !== 'string') throw malformed('body is not a string');
  return {
    status: statusOf(payload),
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...headersOf(payload) },
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** The gateway's own answer: {"message": ...}. */
export function errorResponse({ status, message }: GatewayError): GatewayResponse {
  const body = Buffer.from(JSON.stringify({ message }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

const isStructured = (payload: unknown): payload is Payload =>
  typeof payload === 'object' && payload !== null && 'statusCode' in payload;

function inferred(payload: unknown): GatewayResponse {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, body: Buffer.from(body) };
}

function statusOf({ statusCode }: Payload): number {
  const status = Number(statusCode);
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw malformed('statusCode is not an HTTP status');
}

function headersOf({ headers, cookies }: Payload): GatewayResponse['headers'] {
  const entries = Object.entries({ ...(headers ?? {}) }).map(([name, value]) => {
    if (typeof value === 'object') throw malformed(`the header ${name} is not a string`);
    return [name.toLowerCase(), String(value)];
  });
  if (cookies !== undefined && !Array.isArray(cookies)) throw malformed('cookies is not a list');
  return {
    ...Object.fromEntries(entries.filter(([name]) => name !== 'content-length')),
    ...(cookies && { 'set-cookie': cookies.map(String) }),
  };
}

const malformed = (cause: string) => new GatewayError(500, { cause });
