import { expect, test } from 'vitest';
import { endpoint } from '../../deploy/emulator.ts';
import type { Stand } from './stand.ts';

/** An API that a snippet has deployed. */
export interface Attached {
  readonly kind: 'HTTP' | 'REST';
  /** From an OpenAPI definition, of which the emulator reads neither gateway responses nor the headers of preflights. */
  readonly isImported: boolean;
  readonly apiId: string;
}

/** Calls it as anybody would. */
export function callThrough(stand: () => Stand, attached: () => Attached): void {
  const call = (route: string, token?: string): Promise<Response> => {
    const [method, path] = route.split(' ');
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    return fetch(urlOf(attached(), path), { method, headers });
  };

  test('without a token it answers 401, with a challenge where it can', async () => {
    const response = await call('GET /orders');
    expect(response.status).toBe(401);
    const { kind, isImported } = attached();
    const challenge = kind === 'REST' && !isImported ? `Bearer realm="${stand().audience}"` : null;
    expect(response.headers.get('www-authenticate')).toBe(challenge);
  });

  test('a token with the scope of a route gets in, and the function behind is told whose it is', async () => {
    const token = await stand().token('orders:read');
    for (const route of ['GET /orders', 'GET /orders/7', 'GET /orders']) {
      const response = await call(route, token);
      expect(response.status).toBe(200);
      const { client_id } = stand();
      expect(await response.json()).toEqual({ client_id, scope: 'orders:read' });
    }
  });

  test('an answer that is cached for one route counts for no other: with too little scope it is 403', async () => {
    const read = await stand().token('orders:read');
    const write = await stand().token('orders:write');
    expect((await call('GET /orders', read)).status).toBe(200);
    expect((await call('POST /orders', read)).status).toBe(403);
    expect((await call('GET /orders', read)).status).toBe(200);
    expect((await call('GET /orders', write)).status).toBe(403);
    expect((await call('POST /orders', write)).status).toBe(200);
  });

  test('a changed token gets nowhere', async () => {
    const [header, claims] = (await stand().token('orders:read')).split('.');
    const { status } = await call('GET /orders', `${header}.${claims}.AAAA`);
    // The emulator answers 500 where the authorizer of an HTTP API throws "Unauthorized".
    expect(status).toBe(attached().kind === 'HTTP' ? 500 : 401);
  });

  test('a route that is not there is not open', async () => {
    const token = await stand().token('orders:read orders:write');
    expect((await call('DELETE /orders', token)).ok).toBe(false);
    expect((await call('GET /', token)).ok).toBe(false);
  });
}

/** Asks as a browser does before it sends a token. */
export function preflight(attached: () => Attached): void {
  test('a browser may ask without a token', async () => {
    const headers = {
      origin: 'https://shop.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const response = await fetch(urlOf(attached(), '/orders'), { method: 'OPTIONS', headers });
    expect(response.ok).toBe(true);
    if (attached().isImported) return;
    const allowed = response.headers.get('access-control-allow-origin');
    expect(allowed).toBe('https://shop.example.com');
  });
}

const stages = { HTTP: '$default', REST: 'prod' };

const urlOf = ({ kind, apiId }: Attached, path = ''): string =>
  `${endpoint}/_aws/execute-api/${apiId}/${stages[kind]}${path}`;
