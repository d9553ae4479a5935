import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { dynamodbKeyRing } from '../../../functions/aws/dynamodb-key-ring.ts';
import { kmsSigningKeys } from '../../../functions/aws/kms-signing-keys.ts';
import type { SigningAlgorithmName } from '../../../functions/aws/signing-algorithms.ts';
import { unwrappedKeys } from '../../../functions/aws/unwrapped-keys.ts';
import { cachedKeyRing } from '../../../functions/oauth/cached-key-ring.ts';
import type { SigningKey } from '../../../functions/oauth/jws.ts';
import { json, raw, startDocumentServer } from '../../support/document-server.ts';
import { startTestStack, type TestStack } from '../../support/local-stack.ts';
import { stackRegistry } from '../../support/stack-registry.ts';
import { aSecret, client_secret } from '../../support/token-endpoint.ts';
import { httpsDoor } from './https-door.ts';

/** A local stack whose issuer is an https origin. */
export interface Deployment extends AsyncDisposable {
  readonly issuer: string;
  /** The API that all tokens are for, as the URL of an MCP server (RFC 9728 §3). */
  readonly audience: string;
  readonly algorithm: SigningAlgorithmName;
  readonly stack: TestStack;
  readonly registry: ReturnType<typeof stackRegistry>;
  /** A client that may introspect the tokens for the API. */
  readonly caller: { readonly CLIENT_ID: string; readonly CLIENT_SECRET: string };
  /** The key that signs its tokens: the tests sign wrong ones with it. */
  readonly signingKey: SigningKey;
}

/**
 * Starts a local stack that signs with this algorithm. A client may authenticate by no other method
 * than its own, so that a token shows the method.
 */
export async function startDeployment(algorithm: SigningAlgorithmName): Promise<Deployment> {
  await using started = new AsyncDisposableStack();
  const door = started.use(await httpsDoor());
  const settings = {
    signingAlgorithm: algorithm,
    strictClientSecretMethod: true,
    authorizationEndpointStub: true,
  };
  const stack = await startTestStack({ issuer: door.url, settings });
  started.defer(() => stack.stop());
  door.open(stack.url, {
    cert: await readFile(stack.tls.server),
    key: await readFile(stack.tls.serverKey),
  });
  const registry = stackRegistry(stack);
  const server = await startDocumentServer();
  started.defer(server.close);
  const audience = `${server.url}/mcp`;
  server.replies.set(
    '/.well-known/oauth-protected-resource/mcp',
    json({ resource: audience, authorization_servers: [door.url] }),
  );
  server.replies.set('/mcp', raw(401, { 'www-authenticate': 'Bearer scope="read"' }, ''));
  await registry.resourceServer(audience);
  const signingKey = await signingKeyOf(stack);
  const caller = { CLIENT_ID: 'interop-gateway', CLIENT_SECRET: client_secret };
  await registry.client({
    client_id: caller.CLIENT_ID,
    secrets: [aSecret(client_secret)],
    grants: new Map(),
    introspection_resources: [audience],
  });
  const running = started.move();
  return {
    issuer: door.url,
    audience,
    algorithm,
    stack,
    registry,
    signingKey,
    caller,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function signingKeyOf(stack: TestStack): Promise<SigningKey> {
  const { account, dynamodbEndpoint, kmsEndpoint, registryTable } = stack;
  const dynamodb = new DynamoDBClient({ ...account, endpoint: dynamodbEndpoint });
  const kms = new KMSClient({ ...account, endpoint: kmsEndpoint });
  const source = dynamodbKeyRing(dynamodb, registryTable);
  const now = () => Date.now() / 1000;
  const ring = cachedKeyRing(source, { now, freshness: 0 });
  const unwrapped = unwrappedKeys(kms, registryTable);
  return kmsSigningKeys({ kms, unwrapped }, ring).active();
}
