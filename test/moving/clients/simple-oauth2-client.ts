import { json } from 'node:stream/consumers';
import { ClientCredentials } from 'simple-oauth2';
import type { TokenOrder } from '../token-orders.ts';

const order = (await json(process.stdin)) as TokenOrder;
const { origin, pathname } = new URL(order.token_endpoint);
const client = new ClientCredentials({
  client: { id: order.client_id, secret: order.client_secret },
  auth: { tokenHost: origin, tokenPath: pathname },
  options: { authorizationMethod: order.method === 'client_secret_basic' ? 'header' : 'body' },
});
const { token } = await client.getToken({ scope: order.scope });
process.stdout.write(JSON.stringify(token));
