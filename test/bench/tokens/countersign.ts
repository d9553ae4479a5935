import { createPrivateKey } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { failedAttempts } from '../../../functions/authentication/failed-attempts.ts';
import { signingAlgorithms } from '../../../functions/aws/signing-algorithms.ts';
import type { SigningKeys } from '../../../functions/oauth/jws.ts';
import { newJti } from '../../../functions/token/access-token.ts';
import { aSecret } from '../../support/a-client.ts';
import { now } from '../fixtures/clock.ts';
import { benchClient, benchHandler } from '../fixtures/token-handler.ts';
import { withBody } from './with-body.ts';
import type { TokenWork } from './work.ts';

/** The handler of the token function behind node:http: the registry in memory, the key in the process. */
export async function countersign(work: TokenWork): Promise<RequestListener> {
  const { client_id, client_secret } = work;
  const client = benchClient({ client_id, secrets: [aSecret(client_secret)] });
  const handler = benchHandler([client], {
    failedAttempts: failedAttempts({ increment: async () => 1 }, now),
    signingKeys: signingKeys(work),
    newJti,
  });
  return withBody((request, body) => handler(event(request, body)));
}

/** Signs as the token function does where an instance serves several requests at once. */
function signingKeys(work: TokenWork): SigningKeys {
  const { alg, kid, jwk } = work;
  const { signature, wrapped } = signingAlgorithms[alg];
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const signed = wrapped.signOnPool ?? wrapped.sign;
  const sign = async (input: Uint8Array) => signature(await signed(input, privateKey));
  const key = { alg, kid, sign };
  return { active: async () => key, successorOf: async () => undefined };
}

/** What an adapter has to tell of a request. It has the body as text: base64 would only be made to be undone. */
function event({ method, url = '', headers, socket }: IncomingMessage, body: Buffer) {
  const [rawPath, rawQueryString] = url.split('?');
  const http = { method, sourceIp: socket.remoteAddress };
  const requestContext = { http, requestId: 'bench' };
  return { rawPath, rawQueryString, headers, requestContext, body: body.toString() };
}
