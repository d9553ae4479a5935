/** An HTTP request as API Gateway hands it over, in one form whatever its event looked like. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** The query without its question mark. */
  readonly query: string;
  /** Names in lower case; values of a repeated header joined by a comma (RFC 9110 §5.3). */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** The peer's address as the front door saw it. */
  readonly sourceIp: string;
  /**
   * The certificate by which the client opened its connection, as PEM; API Gateway has seen that it
   * knows the private key and that the truststore vouches for it. Never from a header (RFC 9700
   * §4.13): anyone can send one.
   */
  readonly clientCertificate: string | undefined;
  readonly requestId: string;
}

/**
 * Reads an HTTP API event (payload format 2.0). Total: what is missing or of the wrong type
 * comes out empty, so that a strange event is refused by the protocol and not by a crash.
 */
export function parseHttpRequest(event: unknown): HttpRequest {
  const { requestContext, headers, body, isBase64Encoded, rawPath, rawQueryString } = record(event);
  const { http, requestId, authentication } = record(requestContext);
  const { clientCertPem } = record(record(authentication).clientCert);
  const { method, sourceIp } = record(http);
  return {
    method: text(method),
    path: text(rawPath),
    query: text(rawQueryString),
    headers: lowerCaseNames(record(headers)),
    body: isBase64Encoded === true ? Buffer.from(text(body), 'base64').toString() : text(body),
    sourceIp: text(sourceIp),
    clientCertificate: text(clientCertPem) || undefined,
    requestId: text(requestId),
  };
}

function lowerCaseNames(headers: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? text(value) : `${earlier},${text(value)}`);
  }
  return merged;
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
