import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../../functions/oauth/secure-url.ts';
import { bareEnvironment, clientSettings, credentials, region } from './ministack/environment.ts';

/** Where the emulator answers; the command that starts it says so. Nothing is run without it. */
export const endpoint = localEndpoint(process.env.AWS_ENDPOINT_URL);

/** How often each way to take back a token is tried: not at all, unless the figures are wanted. */
export const revocationTries = Number(process.env.REVOCATION_TRIES ?? 0);

/** What leads a client of the AWS SDK to the emulator, whatever account its user has. */
export const account = { endpoint, region, credentials };

/** The environment of a program that is to reach the emulator, whatever account its user has. */
export const environment = {
  ...bareEnvironment(process.env, {
    directory: tmpdir(),
    project: join(import.meta.dirname, '../..'),
  }),
  ...clientSettings(endpoint),
};

/**
 * Asks a service of the emulator for which there is no client in this project, and gives the body
 * of its answer. The emulator tells services apart by the scope of the credentials.
 * @throws Error when it refuses
 */
export async function emulator(
  service: string,
  path: string,
  request: Pick<RequestInit, 'method' | 'body'> & {
    readonly headers?: Record<string, string>;
  } = {},
): Promise<string> {
  const credential = `${credentials.accessKeyId}/20260101/${region}/${service}/aws4_request`;
  const headers = {
    ...request.headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}`,
  };
  const response = await fetch(new URL(path, endpoint), { ...request, headers });
  const body = await response.text();
  if (!response.ok) throw new Error(`${service} ${path} answered ${response.status}: ${body}`);
  return body;
}

function localEndpoint(value = ''): string {
  const url = URL.parse(value);
  if (url?.protocol === 'http:' && isLoopback(url)) return value;
  throw new Error(
    'AWS_ENDPOINT_URL names no emulator of AWS on this computer, and these tests are for nothing else: start them by npm run test:deploy.',
  );
}
