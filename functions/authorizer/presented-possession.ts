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
  readonly method: string | undefined;
  readonly path: RequestPath | undefined;
}

/** Reads an event of an HTTP API (payload 2.0). Its `rawPath` is decoded, and begins with the stage. */
export function httpApiPossession(event: Members): PresentedPossession {
  const { http, authentication, ...context } = membersOf(event.requestContext);
  const rawPath = textOf(event.rawPath);
  const stage = textOf(context.stage);
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(authentication),
    method: textOf(membersOf(http).method),
    path: pathOf(isInPath(stage) ? rawPath && withoutPrefix(rawPath, `/${stage}`) : rawPath, true),
  };
}

/** Reads an event of a REST API. Its `path` is as the client wrote it, without the stage. */
export function restApiPossession(event: Members): PresentedPossession {
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(membersOf(event.requestContext).identity),
    method: textOf(event.httpMethod),
    path: pathOf(textOf(event.path), false),
  };
}

const pathOf = (text: string | undefined, isDecoded: boolean): RequestPath | undefined =>
  text === undefined ? undefined : { text, isDecoded };

const certificateIn = (value: unknown): string | undefined =>
  textOf(membersOf(membersOf(value).clientCert).clientCertPem);
