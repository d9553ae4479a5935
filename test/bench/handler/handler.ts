import { randomUUID } from 'node:crypto';
import { client_secret } from '../../support/a-client.ts';
import { tokenEnvironment } from '../../support/a-token-function.ts';
import { basic, httpApiEvent } from '../../support/http-api-event.ts';
import { lambdaEnvironment } from '../../support/lambda-instance.ts';
import { type Child, type ChildOptions, startChild } from '../fixtures/child.ts';
import { type Report, ratioTarget, type Table } from '../report/report.ts';
import { type Contestant, inTurn, type Measured, type Plan } from '../report/rounds.ts';
import { type Canned, withKeyInKms, withWrappedKey } from './canned.ts';
import type { InstanceName } from './instance.ts';
import type { StubQuestion } from './stub.ts';

type Figure = 'cpu' | 'calls';

const figures = {
  cpu: { heading: 'CPU, us a request', digits: 0 },
  calls: { heading: 'calls of AWS for 1,000 requests', digits: 0 },
} as const satisfies Table<Figure>['figures'];

/** What answers, for clients of which kind, with what in the registry. */
interface Setup {
  readonly instance: InstanceName;
  readonly client: () => string;
  readonly canned: Canned;
  readonly tokenReuse?: string;
}

const bare = 'bare: GetItem and Sign';
const reading = 'token function, client read';
const cached = 'token function, client cached';

const always = () => 'one';
const inKms = { instance: 'token', client: always, canned: withKeyInKms } as const;

const setups: Readonly<Record<string, Setup>> = {
  [bare]: { ...inKms, instance: 'GetItem and Sign' },
  'bare, with our clients of the SDK': { ...inKms, instance: 'GetItem and Sign, our clients' },
  'bare: Sign': { ...inKms, instance: 'Sign' },
  [reading]: { ...inKms, client: randomUUID },
  [cached]: inKms,
  "cached, signing: 'kms-wrapped', RS256": { ...inKms, canned: await withWrappedKey('RS256') },
  "cached, signing: 'kms-wrapped', ES256": { ...inKms, canned: await withWrappedKey('ES256') },
  'cached, tokenReuse': { ...inKms, tokenReuse: '3600' },
};

/** What the token function costs beside the calls of AWS that it makes, and what the settings save. */
export async function benchSdkCalls(plan: Plan): Promise<Report> {
  await using children = new AsyncDisposableStack();
  const start = (options: ChildOptions): Child => children.use(startChild(options));
  const contestants: Contestant<Figure>[] = [];
  for (const [name, setup] of Object.entries(setups)) {
    const stub = start({ module: new URL('./stub.ts', import.meta.url) });
    const port = await stub.ask<number>({ listen: setup.canned } satisfies StubQuestion);
    const instance = start({
      module: new URL('./instance.ts', import.meta.url),
      args: [setup.instance],
      environment: environmentOf(port, setup.tokenReuse),
    });
    contestants.push(answering(name, setup, { instance, stub, requests: plan.requests }));
  }
  return report(plan, await inTurn(contestants, plan));
}

/** Clients and resource servers are cached for longer than the bench takes. */
const environmentOf = (port: number, TOKEN_REUSE = '0') => ({
  ...lambdaEnvironment(`http://127.0.0.1:${port}`),
  ...tokenEnvironment,
  CLIENT_CACHE: '3600',
  TOKEN_REUSE,
});

/** An instance that gets so many events a round, and the stub that it calls. */
interface Running {
  readonly instance: Child;
  readonly stub: Child;
  readonly requests: number;
}

const answering = (
  name: string,
  { client }: Setup,
  { instance, stub, requests }: Running,
): Contestant<Figure> => ({
  name,
  async round() {
    const events = Array.from({ length: requests }, () => tokenRequest(client()));
    const calls = () => stub.ask<number>({ calls: true } satisfies StubQuestion);
    await calls();
    const cpu = await instance.ask<number>(events);
    return { cpu, calls: ((await calls()) / requests) * 1000 };
  },
});

const tokenRequest = (client_id: string) =>
  httpApiEvent({
    body: 'grant_type=client_credentials',
    headers: { authorization: basic(client_id, client_secret) },
  });

function report({ requests }: Plan, measured: Measured<Figure>): Report {
  const peers = ['bare: Sign', 'bare, with our clients of the SDK'];
  const table = { title: 'A token request', measured, figures, against: bare, peers };
  return {
    about:
      'The token function as it is wired, with the SDK and its log, against a server in another process ' +
      `that answers for DynamoDB and KMS at once; ${requests} requests a round, one after the other, by ` +
      'clients that have never asked before or by one and the same. Beside it a function that does nothing ' +
      'but the same two calls, by SDK clients as they are by default, and once more by ours. Each runs in a process of its own; clientCache is longer than the bench.',
    tables: [table],
    targets: [
      ratioTarget(table, {
        what: 'CPU of a token request, beside a bare function that makes the same two calls by the SDK as it is',
        wanted: { atMost: 1.08 },
        row: reading,
        figure: 'cpu',
      }),
      ratioTarget(table, {
        what: 'CPU of a token request of a client that is cached, beside the same',
        wanted: { atMost: 0.6 },
        row: cached,
        figure: 'cpu',
      }),
    ],
    notes,
  };
}

const notes = [
  'A client that has not asked for 30 seconds costs GetItem and Sign, one that has costs Sign alone; ' +
    'resource servers (for clientCache, too) and the key ring (for a minute) are cached for all of them.',
  "With `signing: 'kms-wrapped'` the signature is made here: RS256 costs about as much of the processor as " +
    'the call of KMS did, ES256 a tenth of it. With `tokenReuse` there is none.',
  'The bare function has clients as the SDK makes them by default. Ours are told all their settings, put their ' +
    'middlewares together once for each kind of command (cacheMiddleware, a tenth of a request), and copy nothing for a ' +
    'log (3 %): the row of the bare function with our clients shows what that saves, and beside it a token request takes ' +
    'a fifth more. An audit line without a logging library saves 22 to 50 us.',
  'Beside the two calls a request has 10 to 20 us of logic where nothing else runs, and some 80 between the calls, ' +
    'whose code drives it out of the caches of the processor. Making a client of an item is about 15 of these, its audit ' +
    'line 15, the garbage of new clients in the cache 25. In the SDK no function has more than 4 % of a call: ' +
    'the socket 16 %, SigV4 10 %, garbage 5 %.',
];
