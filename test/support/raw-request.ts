import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method?: string;
  /** @default the path / */
  readonly target?: string;
  readonly version?: string;
  /** Name -> value; a list is sent line by line. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** An answer as it came, after a 100 if there was one: its header names in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request to a port of 127.0.0.1 with the headers that are given and no others. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  return exchange(connect(port, '127.0.0.1'), request);
}

/** Sends a request over a connection that ends with it, and reads the answer to its end. */
export async function exchange(socket: Socket, request: RawRequest): Promise<RawAnswer> {
  const { method = 'GET', target = '/', version = '1.1', headers = {}, body = '' } = request;
  const all = { connection: 'close', 'content-length': String(body.length), ...headers };
  const lines = Object.entries(all).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  await once(socket, socket.connecting ? 'connect' : 'secureConnect');
  socket.write(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n${body}`);
  return parse(String(await buffer(socket)));
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text
    .replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '')
    .split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const [name = '', ...value] = line.split(':');
    return [name.toLowerCase(), value.join(':').trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}
