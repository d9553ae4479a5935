import { headerValues, type Members, membersOf, textOf } from '../http/event-members.ts';
import { isInPath } from './requested-route.ts';
import { type RequestPath, withoutPrefix } from './target.ts';

/** What a request shows to confirm that it may use its token. */
export interface PresentedPossession {
  /** The values of all DPoP headers (RFC 9449 §4.1). */
  readonly dpop: readonly unknown[];
  /**
   * The certificate of the TLS connection, in PEM, as API Gateway tells it. Never from a header (RFC
   * 9700 §4.13): anyone can send one.
   */
  readonly certificate: string | undefined;
  readonly method: string;
  readonly path: RequestPath;
}

/** The method and the path of a request, as its event tells them. */
interface Asked {
  readonly method: string;
  readonly path: string;
}

/** Reads an event of an HTTP API (payload 2.0). Its path is decoded, and begins with the stage. */
export function httpApiPossession(event: Members, { method, path }: Asked): PresentedPossession {
  const context = membersOf(event.requestContext);
  const stage = textOf(context.stage);
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(context.authentication),
    method,
    path: { text: isInPath(stage) ? withoutPrefix(path, `/${stage}`) : path, isDecoded: true },
  };
}

/** Reads an event of a REST API. Its path is as the client wrote it, without the stage. */
export function restApiPossession(event: Members, { method, path }: Asked): PresentedPossession {
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(membersOf(event.requestContext).identity),
    method,
    path: { text: path, isDecoded: false },
  };
}

const certificateIn = (value: unknown): string | undefined =>
  textOf(membersOf(membersOf(value).clientCert).clientCertPem);
