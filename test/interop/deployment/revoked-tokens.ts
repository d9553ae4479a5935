import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { basic } from '../../support/http-api-event.ts';
import { client_secret } from '../../support/token-endpoint.ts';
import { runWell } from '../running/program.ts';
import type { Deployment } from './deployment.ts';
import { issuedToken, type TokenCase } from './tokens.ts';

const [itself, withClient] = ['revoked itself', 'revoked with its client'] as const;

/** The titles of tokens that were right until they were revoked. */
export const revokedTokens: readonly string[] = [itself, withClient];

const countersign = join(import.meta.dirname, '../../../cli/countersign.ts');

/** Gets a token for each, revokes it, and waits until the issuer has published that. */
export async function revokedCases(deployment: Deployment): Promise<readonly TokenCase[]> {
  const [own, former] = ['interop-own', 'interop-former'];
  const tokens = [
    await issuedToken(deployment, own),
    await issuedToken(deployment, former),
  ] as const;
  await revoke(deployment, own, tokens[0]);
  const parameters = [countersign, 'client', 'revoke-tokens', former, '--yes', '--local'];
  const environment = { COUNTERSIGN_DIRECTORY: deployment.stack.directory };
  await runWell({ command: process.execPath, parameters, environment });
  await untilPublished(deployment, former);
  return [
    { wrong: itself, token: tokens[0] },
    { wrong: withClient, token: tokens[1] },
  ];
}

async function revoke({ stack }: Deployment, client_id: string, token: string): Promise<void> {
  const { status } = await fetch(`${stack.url}/revoke`, {
    method: 'POST',
    headers: { authorization: basic(client_id, client_secret) },
    body: new URLSearchParams({ token }),
  });
  if (status !== 200) throw new Error(`/revoke answers ${status}`);
}

/** What was revoked last is published last. */
async function untilPublished({ stack }: Deployment, client_id: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const list = await (await fetch(`${stack.url}/revocation-list`)).text();
    const { clients } = decodeJwt<{ readonly clients: object }>(list);
    if (Object.hasOwn(clients, client_id)) return;
    await delay(100);
  }
  throw new Error('the revocation list does not name what was revoked');
}
