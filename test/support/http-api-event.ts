/** What a test says about a request; the rest is an ordinary token request. */
export interface RequestInit {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly sourceIp?: string;
  /** What Lambda gives the function beside the event. */
  readonly context?: object;
  /** PEM; what the front door tells of a connection with a certificate. */
  readonly certificate?: string;
}

/** An event as an HTTP API hands it over (payload format 2.0). */
export function httpApiEvent(init: RequestInit) {
  const { method = 'POST', path = '/token', query = '', headers, body } = init;
  const { isBase64Encoded = false, sourceIp = '192.0.2.1', certificate } = init;
  const authentication = certificate && { clientCert: { clientCertPem: certificate } };
  return {
    version: '2.0',
    routeKey: `ANY ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    requestContext: {
      http: { method, path, sourceIp },
      requestId: 'JKJaXmPLvHcESHA=',
      ...(authentication && { authentication }),
    },
    body,
    isBase64Encoded,
  };
}

/** The value of an Authorization header for a client whose credentials need no encoding. */
export const basic = (client_id: string, client_secret: string): string =>
  `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
