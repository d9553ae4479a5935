import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ShownKey } from '../../functions/key-rotation/reply.ts';
import { countersign } from './countersign.ts';
import type { Deployment } from './deployment.ts';
import { account } from './emulator.ts';
import { getToken } from './obtained-token.ts';
import { type Registered, registerClient } from './registration.ts';

const kms = new KMSClient(account);

/** The signing keys look after themselves, and obey the administrator. */
export function signingKeys(deployment: Deployment): void {
  const { issuer, api } = deployment;
  let billing: Registered;
  beforeAll(async () => {
    billing = await registerClient('read');
  });
  const kidOfToken = async () => {
    const { access_token } = await getToken(issuer, billing);
    return { access_token, kid: decodeProtectedHeader(access_token).kid };
  };
  const publishedKids = async (): Promise<readonly string[]> => {
    const response = await fetch(`${issuer}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: readonly { readonly kid: string }[] };
    return keys.map(({ kid }) => kid);
  };

  test('the deployment has ended with one active key, which KMS has', async () => {
    const [key, ...others] = await listKeys();
    expect(others).toEqual([]);
    expect(key).toMatchObject({ state: 'active', alg: 'RS256', next_change: { to: 'retired' } });
    expect(await standing(key)).toBe('Enabled');
    expect(await kidOfToken()).toMatchObject({ kid: key?.kid });
  });

  test('the key lets three functions sign, by its policy, and has the tags of the deployment', async () => {
    const KeyId = (await listKeys())[0]?.key_id;
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    const { Statement } = JSON.parse(Policy);
    expect(Statement.find(({ Sid }: { Sid: string }) => Sid === 'Sign')).toMatchObject({
      Action: 'kms:Sign',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': ['Token', 'Introspection', 'RevocationList'].map((name) =>
            expect.stringMatching(`^arn:aws:iam::\\d{12}:role/.*AuthorizationServer${name}Func`),
          ),
        },
      },
    });
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags.map(({ TagKey }) => TagKey).toSorted()).toEqual([
      'countersign:algorithm',
      'countersign:plan',
      'countersign:registry',
    ]);
  });

  test('rotate --now: the new key is published and signs, and what the old one signed stays valid', async () => {
    const old = await kidOfToken();
    const { kid } = await countersign('key', 'rotate', '--now', '--yes');
    expect((await listKeys()).map(({ state }) => state)).toEqual(['active', 'retired']);
    await vi.waitFor(async () => expect(await publishedKids()).toEqual([kid, old.kid]), patience);
    const expected = { issuer, audience: api, typ: 'at+jwt' };
    await jwtVerify(old.access_token, await publicKey((await listKeys())[1]), expected);
  });

  test('revoke: the old key leaves the JWK Set, KMS refuses to sign with it, and tokens are issued on', async () => {
    const [active, retired] = await listKeys();
    const { kid } = await countersign('key', 'revoke', String(retired?.kid), '--yes');
    expect(kid).toBe(active?.kid);
    expect(await kidOfToken()).toMatchObject({ kid });
    await vi.waitFor(async () => expect(await publishedKids()).toEqual([kid]), patience);
    expect(await standing(retired)).toBe('PendingDeletion');
  });

  test('the last key is not revoked without another in its place', async () => {
    const [active] = await listKeys();
    const revocation = countersign('key', 'revoke', String(active?.kid), '--yes');
    await expect(revocation).rejects.toThrow('is the last key');
  });

  test('another algorithm of the family is deployed: its key waits, and tokens are issued on', async () => {
    await deployment.deploy('signingAlgorithm=PS256');
    expect(living(await listKeys())).toEqual([
      ['PS256', 'pending'],
      ['RS256', 'active'],
    ]);
    const { access_token } = await kidOfToken();
    expect(decodeProtectedHeader(access_token).alg).toBe('RS256');
  });

  test('and is deployed back: the key that waited is gone', async () => {
    await deployment.deploy();
    expect(living(await listKeys())).toEqual([['RS256', 'active']]);
    await kidOfToken();
  });
}

/** An instance of the discovery function may hold the key ring of a moment ago. */
const patience = { timeout: 30_000, interval: 500 };

const listKeys = async (): Promise<readonly ShownKey[]> => (await countersign('key', 'list')).keys;

const living = (keys: readonly ShownKey[]) =>
  keys.filter(({ state }) => state !== 'removed').map(({ alg, state }) => [alg, state]);

async function standing(key: ShownKey | undefined): Promise<string | undefined> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key?.key_id }));
  return KeyMetadata?.KeyState;
}

/** The public half of the key that signs, from KMS. */
export async function activePublicKey(): Promise<KeyObject> {
  return publicKey((await listKeys()).find(({ state }) => state === 'active'));
}

async function publicKey(shown: ShownKey | undefined): Promise<KeyObject> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: shown?.key_id }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
}
