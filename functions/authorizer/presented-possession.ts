import { decodedPath } from '../oauth/comparable-uri.ts';
import { headerValues, type Members, optionalText, record } from './event-members.ts';

/** What came along to show that whoever has the token may use it. */
export interface PresentedPossession {
  /** The values of all DPoP headers (RFC 9449 §4.1). */
  readonly dpop: readonly unknown[];
  /**
   * The certificate of the TLS connection, in PEM, as API Gateway tells it. Never from a header (RFC
   * 9700 §4.13): anyone can send one.
   */
  readonly certificate: string | undefined;
  readonly method: string | undefined;
  /** The path, its escapes read, without the stage; undefined: they cannot be read. */
  readonly path: string | undefined;
}

/** What an event of an HTTP API shows (payload 2.0). Its `rawPath` is decoded, and has the stage. */
export function httpApiPossession(event: Members): PresentedPossession {
  const { http, authentication, stage } = record(event.requestContext);
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(authentication),
    method: optionalText(record(http).method),
    path: withoutPrefix(optionalText(event.rawPath), `/${stage}`),
  };
}

/** What an event of a REST API shows. Its `path` is as the client wrote it, without the stage. */
export function restApiPossession(event: Members): PresentedPossession {
  const path = optionalText(event.path);
  return {
    dpop: headerValues(event, 'dpop'),
    certificate: certificateIn(record(event.requestContext).identity),
    method: optionalText(event.httpMethod),
    path: path === undefined ? undefined : decodedPath(path),
  };
}

/** A path without what it begins with, if it does. */
export function withoutPrefix<Path extends string | undefined>(path: Path, prefix: string) {
  const isBelow = path === prefix || path?.startsWith(`${prefix}/`);
  return isBelow ? path?.slice(prefix.length) : path;
}

const certificateIn = (value: unknown): string | undefined =>
  optionalText(record(record(value).clientCert).clientCertPem);
