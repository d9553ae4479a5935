import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, expect, test } from 'vitest';
import { overlapTag } from '../../../functions/administration/secret-rotation/overlap.ts';
import { rotateSecret } from '../../../functions/administration/secret-rotation/rotation.ts';
import { tokenTrial } from '../../../functions/administration/secret-rotation/token-trial.ts';
import { secretsManagerKeepers } from '../../../functions/administration/secrets-manager.ts';
import { dynamodbRegistryStore } from '../../../functions/aws/dynamodb-registry-store.ts';
import { longestRecordCache } from '../../../functions/oauth/record-times.ts';
import { createClient } from '../../../registry/clients.ts';
import { anActor } from '../../support/an-actor.ts';
import { basic } from '../../support/http-api-event.ts';
import { startSecretsManager } from '../../support/secrets-manager/endpoint.ts';
import { rotationEvents } from '../../support/secrets-manager/rotation-operations.ts';
import { tables } from '../../support/services.ts';
import { testAccount } from '../../support/test-account.ts';
import { api } from '../../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../../support/token-endpoint-on-services.ts';

const minute = 60;
const hour = 60 * minute;
const client_id = 'billing';
const scope = new Set(['read']);

/**
 * A client whose secret rotates, at several instances of a token function that cache clients for as long as a
 * deployment may have them. The clock stands still but where a test moves it.
 */
async function aRotatingClient({ overlap }: { readonly overlap: number }) {
  const endpoint = await tokenEndpointOnServices({}, { clientCache: longestRecordCache });
  const { clock, services, another } = endpoint;
  const now = () => clock.now;
  const double = await startSecretsManager(now);
  const client = new SecretsManagerClient({ ...testAccount, endpoint: double.endpoint });
  afterAll(async () => {
    client.destroy();
    await double[Symbol.asyncDispose]();
  });
  const store = dynamodbRegistryStore(services.dynamodb, tables.registry, anActor);
  const registry = { store, now };
  const { client_secret } = await createClient(registry, {
    client_id,
    client_name: 'Billing',
    grants: new Map([[api, scope]]),
  });
  const { ARN: arn = '' } = await client.send(
    new CreateSecretCommand({
      Name: client_id,
      SecretString: JSON.stringify({ client_id, client_secret }),
      Tags: [{ Key: overlapTag, Value: String(overlap) }],
    }),
  );
  const instances = [endpoint.post, another(), another()];
  /** Asks each instance for a token. Gives the statuses. */
  const ask = (secret: string) =>
    Promise.all(
      instances.map(async (post) => {
        const headers = { authorization: basic(client_id, secret) };
        return (await post('grant_type=client_credentials', { headers })).statusCode;
      }),
    );
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const { statusCode, body } = await endpoint.post(String(init?.body), { headers });
    return Response.json(body, { status: statusCode });
  };
  const rotation = {
    keepers: secretsManagerKeepers(client),
    registryFor: () => registry,
    tryOut: tokenTrial({ token_endpoint: 'https://as.example.com/token', fetch }),
  };
  return {
    ...{ clock, ask, first: client_secret },
    /** The secret that is handed out now. */
    current: async (): Promise<string> => {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
      return JSON.parse(SecretString).client_secret;
    },
    /** The steps of a rotation, as Secrets Manager asks for them. */
    begin: async () => {
      const version = randomUUID();
      const RotationLambdaARN = 'arn:aws:lambda:us-east-1:000000000000:function:administration';
      const more = { ClientRequestToken: version, RotationLambdaARN };
      await client.send(new RotateSecretCommand({ SecretId: arn, ...more }));
      return rotationEvents(arn, version).map((event) => () => rotateSecret(rotation, event));
    },
  };
}

type RotatingClient = Awaited<ReturnType<typeof aRotatingClient>>;

/** Consumers that cache the secret until they have had it for so long, and what they were answered. */
function consumers({ clock, ask, current }: RotatingClient, cached: readonly number[]) {
  const each = cached.map((seconds) => ({ seconds, secret: '', until: 0 }));
  const statuses: number[] = [];
  const work = async () => {
    for (const consumer of each) {
      if (clock.now >= consumer.until) {
        Object.assign(consumer, { secret: await current(), until: clock.now + consumer.seconds });
      }
      statuses.push(...(await ask(consumer.secret)));
    }
  };
  return {
    statuses,
    work,
    /** They work on until something is done. */
    workDuring: async (done: Promise<unknown>) => {
      let isDone = false;
      const ended = done.finally(() => {
        isDone = true;
      });
      while (!isDone) await work();
      await ended;
    },
  };
}

test('a load runs all through several rotations, and no request is refused', async () => {
  const overlap = 2 * hour;
  const rotating = await aRotatingClient({ overlap });
  const { clock, begin, ask, first, current } = rotating;
  const { statuses, work, workDuring } = consumers(rotating, [0, 5 * minute, hour, overlap - 1]);
  await work();
  const secrets = [first];
  for (let rotation = 0; rotation < 3; rotation += 1) {
    for (const step of await begin()) {
      await workDuring(step());
      clock.now += minute;
      await work();
    }
    secrets.push(await current());
    for (const until = clock.now + overlap; clock.now < until; clock.now += 20 * minute) {
      await work();
    }
  }
  await work();
  expect(statuses.length).toBeGreaterThan(300);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(new Set(secrets).size).toBe(4);
  const answers = await Promise.all(secrets.map(ask));
  expect(answers.map(([status]) => status)).toEqual([401, 401, 401, 200]);
});

test('whoever caches a secret for longer than the overlap is refused', async () => {
  const rotating = await aRotatingClient({ overlap: hour });
  const { statuses, work } = consumers(rotating, [hour + 1]);
  await work();
  for (const step of await rotating.begin()) await step();
  rotating.clock.now += hour;
  await work();
  expect(statuses).toEqual([200, 200, 200, 401, 401, 401]);
});
