import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bcrypt } from 'hash-wasm';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { countersign } from './countersign.ts';
import type { Deployment } from './deployment.ts';
import { getToken } from './obtained-token.ts';
import { recordedHistory } from './recorded-history.ts';

/** A client of another system, of whose secret only a hash is known. */
export function movingIn({ issuer }: Deployment): void {
  test('a client gets a token by its old secret, of which the deployed function has a bcrypt hash', async () => {
    const [client_id, client_secret] = ['moved-in', randomUUID()];
    const resource = 'https://stock.example.com';
    const salt = Buffer.from('sixteen bytes :)');
    const file = await written({
      resource_servers: [{ resource, scope: 'stock:read' }],
      clients: [
        {
          client_id,
          client_name: 'Moved in',
          grants: { [resource]: 'stock:read' },
          client_secret_hash: await bcrypt({ password: client_secret, salt, costFactor: 4 }),
        },
      ],
    });
    await countersign('import', file, '--from', 'json', '--yes');
    const wrong = { client_id, client_secret: 'wrong' };
    await expect(getToken(issuer, wrong)).rejects.toMatchObject({ status: 401 });
    const { access_token } = await getToken(issuer, { client_id, client_secret });
    expect(decodeJwt(access_token)).toMatchObject({
      client_id,
      aud: resource,
      scope: 'stock:read',
    });
    expect(await recordedHistory(client_id, 2)).toMatchObject([
      { action: 'changed', tool: 'imported-secrets', fields: [{ name: 'secrets' }] },
      { action: 'created', tool: 'import' },
    ]);
    await countersign('client', 'delete', client_id, '--yes');
    await countersign('resource', 'delete', resource, '--yes');
  });
}

async function written(clients: object): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'moved-')), 'clients.json');
  await writeFile(file, JSON.stringify(clients));
  return file;
}
