import { limitedBody } from './limited-body.ts';

/** What is needed of the platform's fetch. */
export type Fetch = (
  url: string,
  init: {
    readonly redirect: 'error';
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    readonly ca?: string | undefined;
  },
) => Promise<Response>;

/** How documents are fetched. */
export interface JsonSource {
  readonly fetch: Fetch;
  /** Milliseconds for one document, its body included. */
  readonly fetchTimeout: number;
  /** The authorities that vouch for the server, in PEM, and no others; absent: those that everybody trusts. */
  readonly ca?: string | undefined;
}

export interface JsonDocument {
  readonly document: object;
  /** Seconds for which the server lets it be cached (RFC 9111 §5.2.2.1); absent: it does not say. */
  readonly maxAge: number | undefined;
}

// API Gateway and the load balancer read JWK Sets of the same size.
const maxBytes = 150_000;

/**
 * The media types of JSON, and those that buckets and other servers of files give what came to them without a
 * type, or none.
 */
const mayBeJson =
  /^(application\/([\w.-]+\+)?json|text\/(json|plain)|(application|binary)\/octet-stream|)$/;

/**
 * Fetches a JSON object: 200 only, no redirect, within a time and a size limit.
 * @throws Error when it cannot be had; the message tells why.
 */
export async function fetchJson(
  url: string,
  { fetch, fetchTimeout, ca }: JsonSource,
): Promise<JsonDocument> {
  const done = new AbortController();
  const late = AbortSignal.timeout(fetchTimeout);
  try {
    const response = await fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json, application/jwk-set+json' },
      signal: AbortSignal.any([done.signal, late]),
      ca,
    });
    return { document: await jsonBody(response), maxAge: maxAge(response) };
  } catch (error) {
    // One message, whether the answer is late or its body: fetch has an error for each.
    throw late.aborted ? new Error('the server does not answer in time') : error;
  } finally {
    // Closes the connection if the body was not read to its end.
    done.abort();
  }
}

async function jsonBody(response: Response): Promise<object> {
  if (response.status !== 200) throw new Error(`the server answers ${response.status}`);
  const mediaType = mediaTypeOf(response);
  if (/^(text\/html|application\/xhtml\+xml)$/.test(mediaType)) throw new Error(html);
  if (!mayBeJson.test(mediaType)) {
    throw new Error('the server answers with something that is not JSON');
  }
  const octets = await limitedBody(response, maxBytes);
  // It leaves out a byte order mark, as RFC 8259 §8.1 allows.
  const body = parseJson(new TextDecoder().decode(octets));
  if (typeof body !== 'object' || body === null) throw new Error('the server answers no object');
  return body;
}

const html = 'the server answers with HTML, not JSON';

/** The media type of an answer, in lower case and without parameters; empty: there is none. */
export const mediaTypeOf = ({ headers }: Response): string =>
  (headers.get('content-type') ?? '').replace(/;.*/, '').trim().toLowerCase();

function parseJson(text: string): unknown {
  if (/^\s*</.test(text)) throw new Error(html);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the server answers with JSON that does not parse');
  }
}

function maxAge({ headers }: Response): number | undefined {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const seconds = /\bmax-age="?(\d+)/i.exec(control)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
