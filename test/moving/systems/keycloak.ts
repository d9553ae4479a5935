import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runWell, withServer } from '../../interop/running/program.ts';
import { machines } from '../token-orders.ts';
import type { MovingSystem } from './system.ts';

const realm = 'machines';
const administrator = { username: 'admin', password: 'throw-away' };

/** Keycloak with a database of its own, whose distribution is in this folder. */
export const keycloak = (home = ''): MovingSystem => ({
  title: 'Keycloak',
  source: 'keycloak',
  missing: existsSync(join(home, 'bin', 'kc.sh'))
    ? undefined
    : '--keycloak does not name its folder',
  async move(folder, use) {
    const environment = {
      KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      KC_DB_URL: `jdbc:h2:file:${join(folder, 'h2')};NON_KEYWORDS=VALUE`,
      JAVA_OPTS_APPEND: '-Xmx700m',
    };
    const command = join(home, 'bin', 'kc.sh');
    const serve = 'exec "$0" start-dev --http-host=127.0.0.1 --http-port=$PORT --cache=local';
    await withServer(
      { command: 'sh', parameters: ['-c', serve, command], environment },
      async (url) => {
        await makeRealm(url);
        await use(`${url}/realms/${realm}/protocol/openid-connect/token`);
      },
    );
    const file = join(folder, 'realm.json');
    const parameters = ['export', '--realm', realm, '--file', file, '--users', 'same_file'];
    await runWell({ command, parameters, environment });
    return [file];
  },
});

async function makeRealm(url: string): Promise<void> {
  const token = await adminToken(url);
  const post = async (path: string, body: object) => {
    const { status } = await fetch(`${url}/admin/realms${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (status !== 201) throw new Error(`Keycloak answers ${status} to ${path}`);
  };
  await post('', { realm, enabled: true });
  for (const { client_id, client_secret, scope } of machines) {
    await post(`/${realm}/client-scopes`, {
      name: scope,
      protocol: 'openid-connect',
      attributes: { 'include.in.token.scope': 'true' },
    });
    await post(`/${realm}/clients`, {
      clientId: client_id,
      secret: client_secret,
      protocol: 'openid-connect',
      clientAuthenticatorType: 'client-secret',
      serviceAccountsEnabled: true,
      standardFlowEnabled: false,
      publicClient: false,
      defaultClientScopes: ['basic'],
      optionalClientScopes: [scope],
      protocolMappers: [audienceMapper(`https://${client_id}.example.com`)],
    });
  }
}

const audienceMapper = (audience: string) => ({
  name: 'audience',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { 'included.custom.audience': audience, 'access.token.claim': 'true' },
});

async function adminToken(url: string): Promise<unknown> {
  const form = { grant_type: 'password', client_id: 'admin-cli', ...administrator };
  const path = '/realms/master/protocol/openid-connect/token';
  const answer = await fetch(url + path, { method: 'POST', body: new URLSearchParams(form) });
  if (!answer.ok) throw new Error(`Keycloak answers ${answer.status} to its administrator`);
  const { access_token } = (await answer.json()) as { access_token: unknown };
  return access_token;
}
