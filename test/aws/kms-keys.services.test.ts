import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { expect, onTestFinished, test } from 'vitest';
import { kmsKeys } from '../../functions/aws/kms-keys.ts';
import { patientSdkSettings } from '../../functions/aws/sdk-settings.ts';
import { roles } from '../support/key-rotation.ts';
import { testAccount } from '../support/test-account.ts';
import { type Trouble, troubledService } from '../support/troubled-service.ts';

test.for<Trouble>([
  'reset',
  { status: 500, body: '{"__type":"KMSInternalException"}' },
  { status: 400, body: '{"__type":"ThrottlingException"}' },
])(
  'a request to make a key that fails is not sent again, for it could make two of one id: %o',
  async (trouble) => {
    const { calls, troubles, via } = troubledService();
    troubles.set('CreateKey', trouble);
    const settings = { ...patientSdkSettings, ...testAccount, endpoint: await via('no service') };
    const clients = {
      kms: new KMSClient(settings),
      once: new KMSClient({ ...settings, maxAttempts: 1 }),
      tagging: new ResourceGroupsTaggingAPIClient(settings),
    };
    onTestFinished(() => {
      for (const client of Object.values(clients)) client.destroy();
    });
    const keys = kmsKeys(clients, { registry: 'registry', roles });
    await expect(keys.create('ES256', 'an-id')).rejects.toThrow();
    expect(calls).toEqual(['CreateKey']);
  },
);
