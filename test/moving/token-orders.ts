import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { type Program, run } from '../interop/running/program.ts';
import { cache } from '../interop/toolchains/toolchain.ts';

/** A machine of the samples, as it is configured: nothing of it changes but where it asks. */
export interface Machine {
  readonly client_id: string;
  readonly client_secret: string;
  readonly method: 'client_secret_basic' | 'client_secret_post';
  readonly scope: string;
}

/** What a machine asks, and where. */
export interface TokenOrder extends Machine {
  readonly token_endpoint: string;
}

/** The machines that are moved. */
export const machines: readonly [Machine, Machine] = [
  {
    client_id: 'orders-batch',
    client_secret: 'throwAway0Xv5nQ2bT8yLw3RzP7dF1mK9',
    method: 'client_secret_basic',
    scope: 'orders:read',
  },
  {
    client_id: 'reports',
    client_secret: 'throwAway1Hc9sJ4kVb6NtE2xGq8uYaW3',
    method: 'client_secret_post',
    scope: 'billing',
  },
];

/** The programs that ask, by their names. */
const programs: readonly (readonly [string, (order: TokenOrder) => Program])[] = [
  ['curl', curl],
  [
    'requests-oauthlib',
    () => ({
      command: join(cache, 'python', 'bin', 'python'),
      parameters: [join(import.meta.dirname, 'clients', 'requests_oauthlib_client.py')],
      environment: { OAUTHLIB_INSECURE_TRANSPORT: '1' },
    }),
  ],
  [
    'simple-oauth2',
    () => ({
      command: process.execPath,
      parameters: [join(import.meta.dirname, 'clients', 'simple-oauth2-client.ts')],
    }),
  ],
];

function curl({ client_id, client_secret, method, scope, token_endpoint }: TokenOrder): Program {
  const form = { grant_type: 'client_credentials', scope };
  const shown = method === 'client_secret_basic' ? {} : { client_id, client_secret };
  const fields = Object.entries({ ...form, ...shown }).flatMap(([name, value]) => [
    '--data-urlencode',
    `${name}=${value}`,
  ]);
  const basic = method === 'client_secret_basic' ? ['-u', `${client_id}:${client_secret}`] : [];
  return { command: 'curl', parameters: ['-sS', ...basic, ...fields, token_endpoint] };
}

/** What came of a request. */
export interface Got {
  readonly program: string;
  readonly machine: Machine;
  /** For people: lifetime, scope and audience of the token, or what was said instead. */
  readonly answer: string;
  readonly succeeded: boolean;
}

/** Has each program ask for each machine. */
export async function askAll(token_endpoint: string): Promise<readonly Got[]> {
  const got: Got[] = [];
  for (const machine of machines) {
    for (const [program, make] of programs) {
      const order = { ...machine, token_endpoint };
      const { stdout, stderr } = await run(make(order), JSON.stringify(order));
      got.push({ program, machine, ...answerOf(stdout, stderr) });
    }
  }
  return got;
}

function answerOf(stdout: string, stderr: string): Pick<Got, 'answer' | 'succeeded'> {
  try {
    const { access_token, expires_in, token_type } = JSON.parse(stdout);
    const claims = decodeJwt(access_token);
    const scope = claims.scope ?? [claims.scp].flat().join(' ');
    const audience = [claims.aud ?? []].flat().join(' ') || 'none';
    const answer = `${token_type}, ${expires_in} s, scope \`${scope}\`, aud \`${audience}\``;
    return { answer, succeeded: true };
  } catch {
    return { answer: `${stdout}${stderr}`.trim().slice(-200), succeeded: false };
  }
}
