import { type Members, membersOf, textOf } from './event-members.ts';

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
   * The certificate of the client's TLS connection, as PEM. API Gateway has checked that the client has
   * the private key, and the certificate against the truststore. Never read from a header, which anyone
   * can send (RFC 9700 §4.13).
   */
  readonly clientCertificate: string | undefined;
  readonly requestId: string;
}

/**
 * Reads an HTTP API event (payload format 2.0). Total: what is missing or of the wrong type
 * comes out empty, so that a strange event is refused by the protocol and not by a crash.
 */
export function parseHttpRequest(event: unknown): HttpRequest {
  const { requestContext, headers, body, isBase64Encoded, rawPath, rawQueryString } =
    membersOf(event);
  const { http, requestId, authentication } = membersOf(requestContext);
  const { clientCertPem } = membersOf(membersOf(authentication).clientCert);
  const { method, sourceIp } = membersOf(http);
  return {
    method: textOrEmpty(method),
    path: textOrEmpty(rawPath),
    query: textOrEmpty(rawQueryString),
    headers: lowerCaseNames(membersOf(headers)),
    body:
      isBase64Encoded === true
        ? Buffer.from(textOrEmpty(body), 'base64').toString()
        : textOrEmpty(body),
    sourceIp: textOrEmpty(sourceIp),
    clientCertificate: textOf(clientCertPem) || undefined,
    requestId: textOrEmpty(requestId),
  };
}

function lowerCaseNames(headers: Members): ReadonlyMap<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    const earlier = merged.get(key);
    merged.set(
      key,
      earlier === undefined ? textOrEmpty(value) : `${earlier},${textOrEmpty(value)}`,
    );
  }
  return merged;
}

/** A text, or the empty one in place of anything else. */
const textOrEmpty = (value: unknown): string => textOf(value) ?? '';
