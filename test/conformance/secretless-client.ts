import type { TlsIdentity } from '../../cli/io/http.ts';
import { demoClientSubject } from '../../local/tls/identities.ts';
import { newClientKey, withKeyFile } from './client-key.ts';
import { certifiedKey } from './demo-certificate.ts';
import type { ClientPlan, ThrowAwayClient } from './throw-away.ts';

/** What a client without a secret is registered with. */
interface NewSecretlessClient {
  readonly client_id: string;
  readonly plan: ClientPlan;
  /** What the suite shows at a TLS handshake. */
  readonly certificate?: TlsIdentity | undefined;
  /** Registers it with these further options. */
  readonly create: (options: readonly string[]) => Promise<unknown>;
}

type Register = (client: NewSecretlessClient) => Promise<Pick<ThrowAwayClient, 'key'>>;

const methods: Readonly<Record<string, Register>> = {
  async private_key_jwt({ client_id, create }) {
    const key = newClientKey(`key-of-${client_id}`);
    await withKeyFile(key.jwk, (path) => create(['--jwks', path]));
    return { key };
  },
  async tls_client_auth({ plan, create }) {
    const subject = plan.isCertified ? demoClientSubject : `O=Another,${demoClientSubject}`;
    await create(['--tls-subject-dn', subject]);
    return {};
  },
  async self_signed_tls_client_auth({ plan, certificate, create }) {
    const isOwn = plan.isCertified && certificate;
    const jwk = isOwn ? certifiedKey(certificate) : newClientKey('another').jwk;
    await withKeyFile(jwk, (path) => create(['--jwks', path]));
    return {};
  },
};

/** Registers a client that has no secret; undefined: it is to have one. */
export async function registerSecretless(
  client: NewSecretlessClient,
): Promise<ThrowAwayClient | undefined> {
  const registerBy = methods[client.plan.authMethod ?? ''];
  if (!registerBy) return undefined;
  return { client_id: client.client_id, client_secret: '', ...(await registerBy(client)) };
}
