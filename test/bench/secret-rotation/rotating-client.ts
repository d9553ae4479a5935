import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { overlapTag } from '../../../functions/administration/secret-rotation/overlap.ts';
import { rotateSecret } from '../../../functions/administration/secret-rotation/rotation.ts';
import { tokenTrial } from '../../../functions/administration/secret-rotation/token-trial.ts';
import { secretsManagerKeepers } from '../../../functions/administration/secrets-manager.ts';
import { dynamodbRegistryStore } from '../../../functions/aws/dynamodb-registry-store.ts';
import { createClient } from '../../../registry/clients.ts';
import { anActor } from '../../support/an-actor.ts';
import type { RunningStack } from '../../support/local-stack.ts';
import { startSecretsManager } from '../../support/secrets-manager/endpoint.ts';
import { rotationEvents } from '../../support/secrets-manager/rotation-operations.ts';
import { testAccount } from '../../support/test-account.ts';

/** A client of a local stack whose secret is in a double of Secrets Manager, and can be rotated. */
export async function startRotatingClient(stack: RunningStack, overlap: number) {
  await using started = new AsyncDisposableStack();
  const double = started.use(await startSecretsManager());
  const client = new SecretsManagerClient({ ...testAccount, endpoint: double.endpoint });
  started.defer(() => client.destroy());
  const dynamodb = new DynamoDBClient({ ...stack.account, endpoint: stack.dynamodbEndpoint });
  started.defer(() => dynamodb.destroy());
  const store = dynamodbRegistryStore(dynamodb, stack.registryTable, anActor);
  const registry = { store, now: () => Math.floor(Date.now() / 1000) };
  const client_id = 'billing';
  const grants = new Map([[stack.api, new Set(['read'])]]);
  const { client_secret } = await createClient(registry, {
    ...{ client_id, client_name: 'Billing', grants },
  });
  const { ARN: arn = '' } = await client.send(
    new CreateSecretCommand({
      Name: client_id,
      SecretString: JSON.stringify({ client_id, client_secret }),
      Tags: [{ Key: overlapTag, Value: String(overlap) }],
    }),
  );
  const tokenEndpoint = `${stack.url}/token`;
  const rotation = {
    keepers: secretsManagerKeepers(client),
    registryFor: () => registry,
    tryOut: tokenTrial({ token_endpoint: tokenEndpoint, fetch }),
  };
  const running = started.move();
  return {
    ...{ client_id, tokenEndpoint },
    /** The secret that is handed out now. */
    async current(): Promise<string> {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
      return JSON.parse(SecretString).client_secret;
    },
    /** Begins a rotation as Secrets Manager does, and gives its steps. */
    async begin() {
      const ClientRequestToken = randomUUID();
      const RotationLambdaARN = 'arn:aws:lambda:us-east-1:000000000000:function:administration';
      await client.send(
        new RotateSecretCommand({ SecretId: arn, ClientRequestToken, RotationLambdaARN }),
      );
      return rotationEvents(arn, ClientRequestToken).map(
        (event) => () => rotateSecret(rotation, event),
      );
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
