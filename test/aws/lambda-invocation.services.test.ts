import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { invokedVerification } from '../../functions/authentication/imported-secrets.ts';
import { lambdaInvocation } from '../../functions/aws/lambda-invocation.ts';
import { lambdaSettings } from '../../functions/aws/lambda-settings.ts';
import { sdkSettings } from '../../functions/aws/sdk-settings.ts';
import { reason } from '../../functions/oauth/audit.ts';
import type { RetryLater } from '../../functions/oauth/oauth-error.ts';
import { signatureV4 } from '../bundles/signature-v4.ts';

const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:imported-secrets';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What Lambda answers; undefined: nothing ever. */
let answer: Answer | undefined;
const calls: { readonly request: IncomingMessage; readonly body: string }[] = [];
const server = createServer(async (request, response) => {
  calls.push({ request, body: await text(request) });
  if (!answer) return void request.socket.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => {
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const environment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-key',
  AWS_SESSION_TOKEN: 'a-session-token',
  AWS_ENDPOINT_URL_LAMBDA: url,
};

function invocation() {
  return lambdaInvocation(
    new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') }),
    arn,
  );
}

beforeEach(() => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.restoreAllMocks();
  calls.splice(0);
  answer = { status: 200, body: '{"matches":true}' };
});

describe('a function is invoked', () => {
  test('by the operation of Lambda, signed with the credentials of the caller', async () => {
    expect(await invocation()({ client_id: 'billing' })).toEqual({ matches: true });
    const [{ request, body } = { request: undefined, body: '' }] = calls;
    expect(request).toMatchObject({
      method: 'POST',
      url: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
    });
    expect(JSON.parse(body)).toEqual({ client_id: 'billing' });
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const signed = signatureV4({ headers, body }, request?.url);
    expect(signed).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      region: 'eu-central-1',
      service: 'lambda',
    });
    expect(signed.signedHeaders).toContain('x-amz-security-token');
    expect(signed.isBy('a-secret-key')).toBe(true);
  });

  test.each([
    ['eu-central-1', {}, 'https://lambda.eu-central-1.amazonaws.com'],
    ['cn-north-1', {}, 'https://lambda.cn-north-1.amazonaws.com.cn'],
    [
      'us-gov-west-1',
      { AWS_USE_FIPS_ENDPOINT: 'true' },
      'https://lambda-fips.us-gov-west-1.amazonaws.com',
    ],
    ['us-east-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'https://lambda.us-east-1.api.aws'],
  ])('where Lambda is in %s with %j', async (region, variables, origin) => {
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', undefined);
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', undefined);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({}));
    await invocation()({});
    expect(new URL(String(fetched.mock.calls[0]?.[0])).origin).toBe(origin);
  });
});

describe('A24: there is 503 for whoever waits', () => {
  test.each<[string, Answer | undefined, string]>([
    [
      'where the function fails',
      {
        status: 200,
        headers: { 'x-amz-function-error': 'Unhandled' },
        body: '{"errorMessage":"a text of the function"}',
      },
      'Lambda answered with 200, Unhandled',
    ],
    [
      'where there are too many',
      { status: 429, body: '{"Message":"Rate Exceeded"}' },
      'Lambda answered with 429, and did not invoke',
    ],
    ['where the answer is none', { status: 502, body: '<html>' }, 'JSON'],
    ['where there is no answer', undefined, 'other side closed'],
  ])('%s', async (_, given, why) => {
    answer = given;
    const asked = invocation()({ client_secret: 'a secret' });
    const error = await asked.catch((thrown: RetryLater) => thrown);
    expect(error).toMatchObject({ status: 503, retryAfter: 2 });
    expect(reason(error)).toContain(why);
    expect(reason(error)).not.toContain('a secret');
    // What it does is slow: it is not asked twice.
    expect(calls).toHaveLength(1);
  });

  test('where the function gives another answer than one of it', async () => {
    answer = { status: 200, body: '{"matches":"yes"}' };
    const question = { client_id: 'billing', secret_id: 'a', client_secret: 'a secret' };
    await expect(invokedVerification(invocation())(question)).rejects.toMatchObject({
      status: 503,
    });
    answer = { status: 200, body: '{"matches":true,"replaced":"bcrypt"}' };
    expect(await invokedVerification(invocation())(question)).toEqual({
      matches: true,
      replaced: 'bcrypt',
    });
  });
});
