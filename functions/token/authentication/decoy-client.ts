import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Client } from '../../oauth/client.ts';
import { hashClientSecret, newClientSecret } from '../../oauth/client-secret.ts';

let made: Client | undefined;

/**
 * A client that does not exist. Where no client can be authenticated, credentials are verified against
 * its secret and its keys, so that the refusal takes as long as for wrong credentials. It has a key of
 * each type, without a private half. It cannot hide the time that fetching a real client's published
 * keys takes.
 */
export function decoyClient(client_id: string): Client {
  made ??= makeDecoy();
  return { ...made, client_id };
}

function makeDecoy(): Client {
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
  const pairs = [ec('P-256'), ec('P-384'), generateKeyPairSync('ed25519')];
  const keys: JWK[] = [
    rsaKey(),
    ...pairs.map(({ publicKey }) => publicKey.export({ format: 'jwk' }) as JWK),
  ];
  const hash = hashClientSecret(newClientSecret());
  return {
    client_id: '',
    client_name: 'Decoy',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: [],
    grants: new Map(),
    secrets: [{ id: 'decoy', hash, created_at: 0, expires_at: undefined }],
    jwks: { keys },
    jwks_uri: undefined,
    strict_assertion_audience: false,
    trust: [],
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
    access_token_lifetime: undefined,
    disabled: true,
    created_at: 0,
    updated_at: 0,
  };
}

/** Any odd number will do, since nothing is to verify with it; a real modulus takes long to find. */
function rsaKey(): JWK {
  const modulus = randomBytes(256);
  modulus[0] = 0xc0;
  modulus[255] = 0x01;
  return { kty: 'RSA', e: 'AQAB', n: modulus.toString('base64url') };
}
