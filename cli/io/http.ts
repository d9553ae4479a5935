import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** Names and values as they go over the wire; a name may come twice. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A request to a deployment. */
export interface Outgoing {
  readonly url: URL;
  /** @default 'GET' */
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly body?: string | Buffer;
  readonly tls?: TlsIdentity | undefined;
}

/** The client's certificate with its key, and whom it trusts to certify the server; all in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** Absent: the authorities that this computer trusts. */
  readonly ca?: string | undefined;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** As they arrived: in order, with their own spelling, repetitions kept. */
  readonly headers: HeaderList;
  readonly body: string;
}

/** Why there was no answer. The message is a sentence without a full stop. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const mostBytes = 1024 * 1024;

/**
 * Makes one request and reads the whole answer. Redirects are answers too: none is followed.
 * Certificates are checked as usual.
 * @param limit milliseconds for all of it
 * @throws NoAnswer when none comes in time, or one that cannot be read
 */
export async function sendHttp(outgoing: Outgoing, limit = 10_000): Promise<Answer> {
  const stop = new AbortController();
  const late = delay(limit, undefined, { signal: stop.signal }).then(() => {
    throw new NoAnswer(`no answer within ${Number((limit / 1000).toFixed(3))} s`);
  });
  try {
    return await Promise.race([answerTo(outgoing, stop.signal), late]);
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(troubleText(error), { cause: error });
  } finally {
    stop.abort();
  }
}

/** The values of a header, in the order of their arrival. */
export function headerValues({ headers }: Answer, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([found]) => found.toLowerCase() === wanted).map(([, value]) => value);
}

/** The value of a header, its repetitions joined by a comma (RFC 9110 §5.3). */
export function header(answer: Answer, name: string): string | undefined {
  const values = headerValues(answer, name);
  return values.length === 0 ? undefined : values.join(', ');
}

async function answerTo(outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
  const message = await send(outgoing, signal);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new NoAnswer('the answer has more than 1 MB');
    chunks.push(chunk);
  }
  return {
    status: message.statusCode ?? 0,
    headers: pairsOf(message.rawHeaders),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method = 'GET', headers = [], body = '', tls } = outgoing;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const length = Buffer.byteLength(body);
  // A list of headers, unlike an object, may repeat a name; then Node adds none of its own.
  const all = [
    ['Host', url.host],
    ...headers,
    ...(length > 0 || method === 'POST' ? [['Content-Length', String(length)]] : []),
    ['Connection', 'close'],
  ];
  return new Promise((resolve, reject) => {
    request(url, { method, headers: all.flat(), signal, agent: false, ...tls })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

function pairsOf(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : [],
  );
}

/** What Node's sockets, TLS and HTTP parser call their troubles, and what each means. */
const troubles: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name does not resolve'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'it cannot be reached'],
  [/^(ECONNRESET|EPIPE)$/, 'it hung up before it had answered'],
  [/^CERT_HAS_EXPIRED$/, 'its TLS certificate has expired'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its TLS certificate is for another name'],
  [
    /SELF_SIGNED|^UNABLE_TO_(VERIFY|GET_ISSUER)|^CERT_/,
    'its TLS certificate is not signed by an authority that this computer trusts',
  ],
  [/ALERT_.*(CERTIFICATE|UNKNOWN_CA)/, 'it does not accept the certificate that it was shown'],
  [/^(EPROTO|ERR_SSL)/, 'it does not speak TLS there'],
  [/^HPE_/, 'it answered something that is not HTTP'],
];

/** Says in a sentence without a full stop why a request got no answer. */
function troubleText(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed for a reason that Node does not tell';
  const code = 'code' in error ? String(error.code) : '';
  const known = troubles.find(([pattern]) => pattern.test(code));
  return known ? `${known[1]} (${code})` : (error.message.split('\n', 1)[0] ?? code);
}
