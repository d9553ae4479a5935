import { httpEvent, restEvent } from './events.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a test says about a call; the rest is `GET /orders/7`. */
export interface Call {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** PEM; of the TLS connection. */
  readonly certificate?: string | undefined;
  readonly changes?: Members;
}

/** As an HTTP API tells an authorizer of it; to its own function it says less. */
export function httpCall({ headers, certificate, changes }: Call): Members {
  const event = httpEvent(undefined, { headers: lowerCase(headers), ...changes });
  const authentication = certificate && { clientCert: { clientCertPem: certificate } };
  const requestContext = {
    stage: '$default',
    apiId: 'abcdef1234',
    http: { method: 'GET' },
    ...(event.requestContext as Members),
    ...(authentication && { authentication }),
  };
  return { ...event, requestContext };
}

/** As a REST API tells a REQUEST authorizer of it. */
export function restCall({ headers, certificate, changes }: Call): Members {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  );
  const event = restEvent(undefined, { headers, multiValueHeaders, ...changes });
  const identity = { clientCert: certificate && { clientCertPem: certificate } };
  return { ...event, requestContext: { ...(event.requestContext as Members), identity } };
}

/** Both by name. */
export const calls = { HTTP: httpCall, REST: restCall } as const;

const lowerCase = (headers: Call['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
