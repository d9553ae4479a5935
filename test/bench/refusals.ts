import { cpus } from 'node:os';
import type { Client } from '../../functions/oauth/client.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { json } from '../support/document-server.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { issuer, tokenEndpoint } from '../support/token-endpoint.ts';

/**
 * Prints how long the token function takes to refuse a wrong assertion, by what is registered under its
 * client_id: Markdown for docs/refusals.md. `node test/bench/refusals.ts [TIMES]`
 */

const times = Number(process.argv[2] ?? 4000);
const documents = memoryPlatform();
const platform = documents.url;
const withoutLockouts = { limitedFor: () => 0, record: async () => undefined };

/** What is registered, and which issuer the assertion says that it is of. */
type Kind = readonly [what: string, iss: string, client: Partial<Client> | undefined];

function kindsFor({ jwk }: TestKey): readonly Kind[] {
  const rule = { subject: 'job', subject_glob: undefined, audience: issuer, claims: {} };
  const trust = [{ ...rule, issuer: platform, single_use: true, max_lifetime: 3600 }];
  const own = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } } as const;
  const published = { token_endpoint_auth_method: 'private_key_jwt' } as const;
  const federated = { token_endpoint_auth_method: 'federated', trust } as const;
  return [
    ['nothing', '', undefined],
    ['a client that is disabled', '', { ...own, disabled: true }],
    ['a client with a secret', '', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a client with a key', '', own],
    ['a client without a key', '', { ...own, jwks: { keys: [] } }],
    ['a client that publishes its keys', '', { ...published, jwks_uri: `${platform}/keys` }],
    ['a client of a platform', platform, federated],
    ['a client of a platform, another `iss`', '', federated],
  ];
}

/** A request of one kind, and how long each of its answers took, in microseconds. */
interface Asked {
  readonly what: string;
  readonly event: object;
  readonly took: number[];
}

/** Measures all kinds in turn, after 200 rounds that do not count. */
async function measure(alg: string, withKid: boolean): Promise<readonly Asked[]> {
  const { handler, register } = await tokenEndpoint(
    { failedAttempts: withoutLockouts },
    { fetch: documents.fetch, clientCache: 30 },
  );
  const asked = await requests(alg, withKid, register);
  for (let round = -200; round < times; round += 1) {
    for (const { what, event, took } of asked) {
      const start = process.hrtime.bigint();
      const { statusCode } = await handler(event);
      const end = process.hrtime.bigint();
      if (statusCode !== 400) throw new Error(`${what}: ${statusCode}`);
      if (round >= 0) took.push(Number(end - start) / 1000);
    }
  }
  return asked;
}

/** Registers the kinds, and signs an assertion for each by the key of a stranger. */
async function requests(
  alg: string,
  withKid: boolean,
  register: (client: Partial<Client>) => Promise<void>,
): Promise<readonly Asked[]> {
  const [key, stranger] = [await testKey(alg), await testKey(alg)];
  documents.replies.set('/keys', json({ keys: [key.jwk] }));
  const header = { kid: withKid ? key.kid : undefined };
  const asked = kindsFor(key).map(async ([what, iss, client], index) => {
    const client_id = `client-${index}`;
    if (client) await register({ client_id, secrets: [], ...client });
    const claims = { iss: iss || client_id, sub: iss ? 'job' : client_id };
    const assertion = await signAssertion(stranger, { claims, header });
    return {
      what,
      event: httpApiEvent({ body: assertionForm(assertion, { client_id }) }),
      took: [],
    };
  });
  return await Promise.all(asked);
}

/** Median, and the quartiles around it. */
function quartiles(took: number[]): string {
  took.sort((one, other) => one - other);
  const at = (part: number) => (took[Math.floor(took.length * part)] ?? Number.NaN).toFixed(0);
  return `${at(0.5)} (${at(0.25)} to ${at(0.75)})`;
}

process.stdout.write(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}.\n`);
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'Ed25519'];
for (const withKid of [true, false]) {
  const columns: (readonly Asked[])[] = [];
  for (const alg of algorithms) columns.push(await measure(alg, withKid));
  const rows = (columns[0] ?? []).map(({ what }, row) =>
    [what, ...columns.map((column) => quartiles(column[row]?.took ?? []))].join(' | '),
  );
  const heading = [`${withKid ? 'with' : 'without'} \`kid\``, ...algorithms].join(' | ');
  const rule = ['', ...algorithms].map(() => '---').join(' | ');
  process.stdout.write(`\n${[heading, rule, ...rows].map((line) => `| ${line} |`).join('\n')}\n`);
}
