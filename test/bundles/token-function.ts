import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { api, client_secret, issuer } from '../support/a-client.ts';
import { tokenEnvironment, tokenRequest } from '../support/a-token-function.ts';
import { type AwsStub, type Call, client_id, startAwsStub } from '../support/aws-stub.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { type Instance, lambdaEnvironment, startInstance } from '../support/lambda-instance.ts';
import { signatureV4 } from './signature-v4.ts';

const unavailable = { statusCode: 503, headers: expect.objectContaining({ 'Retry-After': '2' }) };
const secrets = ['wJalrXUtnFEMI', 'a-session-token', client_secret, 'another'];

const managed = { AWS_LAMBDA_MAX_CONCURRENCY: '64', CLIENT_CACHE: '30' };

/** Without the notes that clients were used, for which no request waits. */
const waitedFor = (calls: readonly Call[]): readonly Call[] =>
  calls.filter(({ body }) => !body.includes('used-at#'));

/** Imports a bundle, and invokes it with all events at the same time. */
const onThread = `
  const { parentPort, workerData } = require('node:worker_threads');
  void import(workerData.bundle)
    .then(({ handler }) => Promise.all(workerData.events.map((event) => handler(event))))
    .then((responses) => parentPort.postMessage(responses));
`;

/** The token function as it is deployed: its bundle, with Lambda's environment, and services in trouble. */
export function tokenFunctionBundle(bundle: string): void {
  let aws: AwsStub;
  let running: Instance;
  beforeAll(async () => {
    aws = await startAwsStub();
    running = start();
  });
  afterAll(async () => {
    await running.stop();
    aws.close();
  });
  const start = (special: Readonly<Record<string, string>> = {}) =>
    startInstance(bundle, { ...lambdaEnvironment(aws.endpoint), ...tokenEnvironment, ...special });
  const count = (operation: string) =>
    aws.calls.filter((call) => call.operation === operation).length;

  describe('in good health', () => {
    test('gives a token whose signature is good', async () => {
      const { response, hasUndici } = await running.invoke(tokenRequest);
      expect(response.statusCode).toBe(200);
      const { access_token } = JSON.parse(response.body);
      const { payload } = await jwtVerify<JWTPayload>(access_token, aws.publicKey, {
        issuer,
        audience: api,
        typ: 'at+jwt',
      });
      expect(payload).toMatchObject({ client_id, scope: 'read' });
      expect(hasUndici).toBe(false);
    });

    test('has the key ring before the first request', () => {
      const operations = waitedFor(aws.calls).map(({ operation }) => operation);
      // Both calls of the cold start are made at the same time.
      expect(operations.slice(0, 2).sort()).toEqual(['GetItem', 'UpdateItem']);
      expect(operations.slice(2)).toEqual(['GetItem', 'GetItem', 'Sign']);
      const ring = aws.calls.find(({ operation }) => operation === 'GetItem');
      expect(ring?.body).toContain('signing-keys');
    });

    test('answers 64 requests at the same time on a thread, as managed instances have it', async () => {
      const before = aws.calls.length;
      const worker = new Worker(onThread, {
        eval: true,
        env: { ...lambdaEnvironment(aws.endpoint), ...tokenEnvironment, ...managed },
        workerData: { bundle: pathToFileURL(bundle).href, events: Array(64).fill(tokenRequest) },
        stdout: true,
      });
      const jtis = new Set<string>();
      const [responses] = await once(worker, 'message');
      for (const { statusCode } of responses) expect(statusCode).toBe(200);
      for await (const line of createInterface({ input: worker.stdout })) {
        const { outcome, jti } = JSON.parse(line).audit;
        expect(outcome).toBe('issued');
        jtis.add(jti);
        if (jtis.size === responses.length) break;
      }
      await worker.terminate();
      const operations = waitedFor(aws.calls.splice(before)).map(({ operation }) => operation);
      expect(operations.filter((operation) => operation === 'GetItem')).toHaveLength(3);
      expect(operations).toHaveLength(3 + 1 + 64);
    });

    test('signs its calls with the credentials of the environment', () => {
      for (const call of aws.calls) {
        const signed = signatureV4(call);
        const service = call.operation === 'Sign' ? 'kms' : 'dynamodb';
        expect(signed).toMatchObject({
          accessKeyId: 'AKIDEXAMPLE',
          region: 'eu-central-1',
          service,
        });
        expect(signed.signedHeaders).toEqual(expect.arrayContaining(['host', 'x-amz-date']));
        expect(signed.signedHeaders).toContain('x-amz-security-token');
        expect(call.headers['x-amz-security-token']).toBe('a-session-token');
        expect(signed.isBy('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')).toBe(true);
      }
    });

    test('signs with others when the environment has others', async () => {
      aws.calls.splice(0);
      const { response } = await running.invoke(tokenRequest, {
        AWS_ACCESS_KEY_ID: 'AKIDANOTHER',
        AWS_SECRET_ACCESS_KEY: 'another-secret',
        AWS_SESSION_TOKEN: 'another-session-token',
      });
      expect(response.statusCode).toBe(200);
      for (const call of aws.calls) {
        expect(signatureV4(call).accessKeyId).toBe('AKIDANOTHER');
        expect(signatureV4(call).isBy('another-secret')).toBe(true);
        expect(call.headers['x-amz-security-token']).toBe('another-session-token');
      }
    });
  });

  describe('in trouble', () => {
    test.for(['GetItem', 'Sign'])('asks once more where %s is throttled', async (operation) => {
      const before = count(operation);
      await running.invoke(tokenRequest);
      const usual = count(operation) - before;
      aws.troubles.set(operation, { status: 400, type: 'ThrottlingException' });
      const { response } = await running.invoke(tokenRequest);
      expect(response.statusCode).toBe(200);
      expect(count(operation) - before).toBe(2 * usual + 1);
    });

    test.for(['GetItem', 'Sign'])('answers 503 in time where %s hangs', async (operation) => {
      aws.troubles.set(operation, 'hang');
      const from = performance.now();
      const { response } = await running.invoke(tokenRequest);
      aws.troubles.delete(operation);
      expect(response).toMatchObject(unavailable);
      expect(performance.now() - from).toBeLessThan(6000);
    });

    test('answers 503 where nobody listens', async () => {
      const alone = start({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      const { response } = await alone.invoke(tokenRequest);
      expect(response).toMatchObject(unavailable);
      expect(await alone.stop()).toContain('ECONNREFUSED');
    });

    test('starts, and answers 503, without credentials', async () => {
      const { AWS_ACCESS_KEY_ID: _, ...without } = lambdaEnvironment(aws.endpoint);
      const poor = startInstance(bundle, { ...without, ...tokenEnvironment });
      const { response } = await poor.invoke(tokenRequest);
      const log = await poor.stop();
      expect(response).toMatchObject(unavailable);
      expect(log).toContain('the environment variable AWS_ACCESS_KEY_ID is missing');
      expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
    });

    test('starts while the registry hangs, and answers when it is well again', async () => {
      aws.troubles.set('GetItem', 'hang');
      const before = count('GetItem');
      const patient = start();
      await vi.waitUntil(() => count('GetItem') > before, { timeout: 20_000 });
      aws.troubles.delete('GetItem');
      const { response } = await patient.invoke(tokenRequest);
      await patient.stop();
      expect(response.statusCode).toBe(200);
    });
  });

  test('names an error of jose in the log as jose does', async () => {
    const [key, other] = await Promise.all([dpopKey(), dpopKey()]);
    const dpop = await signProof(key, { signer: other.privateKey });
    const { headers, ...request } = tokenRequest;
    const forged = { ...request, headers: { ...headers, dpop } };
    const { response } = await running.invoke(forged);
    expect(response.statusCode).toBe(400);
  });

  test('logs what was decided, and no secret', async () => {
    const log = await running.stop();
    expect(log).toContain('"outcome":"issued"');
    expect(log).toContain(
      'DPoP proof: JWSSignatureVerificationFailed: signature verification failed',
    );
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });
}
