import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type Program, runWell, withServer } from '../../interop/running/program.ts';
import { type Machine, machines } from '../token-orders.ts';
import type { MovingSystem } from './system.ts';

/** Ory Hydra on SQLite, whose program is this one. */
export const hydra = (binary = ''): MovingSystem => ({
  title: 'Ory Hydra',
  source: 'hydra',
  missing: existsSync(binary) ? undefined : '--hydra does not name its program',
  async move(folder, use) {
    const database = join(folder, 'db.sqlite');
    const adminPort = await freePort();
    const environment = {
      DSN: `sqlite://${database}?_fk=true`,
      SECRETS_SYSTEM: 'throw-away-throw-away',
      SERVE_PUBLIC_HOST: '127.0.0.1',
      SERVE_ADMIN_HOST: '127.0.0.1',
      SERVE_ADMIN_PORT: String(adminPort),
      STRATEGIES_ACCESS_TOKEN: 'jwt',
      SQA_OPT_OUT: 'true',
    };
    const program = (parameters: readonly string[]): Program => ({
      command: binary,
      parameters,
      environment,
    });
    await runWell(program(['migrate', 'sql', '-e', '--yes']));
    const admin = `http://127.0.0.1:${adminPort}/admin/clients`;
    const serve =
      'SERVE_PUBLIC_PORT=$PORT URLS_SELF_ISSUER=http://127.0.0.1:$PORT/ exec "$0" serve all --dev';
    await withServer(
      { command: 'sh', parameters: ['-c', serve, binary], environment },
      async (url) => {
        for (const machine of machines) await register(admin, machine);
        await use(`${url}/oauth2/token`);
        const listed = await fetch(`${admin}?page_size=500`);
        await writeFile(join(folder, 'clients.json'), await listed.text());
      },
    );
    const select = 'SELECT id, client_secret FROM hydra_client';
    const rows = await runWell({ command: 'sqlite3', parameters: ['-json', database, select] });
    await writeFile(join(folder, 'secrets.json'), rows);
    return [join(folder, 'clients.json'), join(folder, 'secrets.json')];
  },
});

async function register(admin: string, machine: Machine): Promise<void> {
  const { client_id, client_secret, method, scope } = machine;
  const { status } = await fetch(admin, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_id,
      client_secret,
      grant_types: ['client_credentials'],
      scope,
      audience: [`https://${client_id}.example.com`],
      token_endpoint_auth_method: method,
    }),
  });
  if (status !== 201) throw new Error(`Hydra answers ${status} to a new client`);
}
