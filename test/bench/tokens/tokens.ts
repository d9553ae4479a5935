import {
  type Report,
  ratioTarget,
  type Table,
  type Target,
  type Wanted,
} from '../report/report.ts';
import { type Contestant, inTurn, type Plan } from '../report/rounds.ts';
import { checkToken } from './checked-token.ts';
import { type ContestantName, contestantNames } from './contestants.ts';
import { load, type Pressure } from './load.ts';
import { type RunningServer, withServers } from './running-server.ts';
import { type Algorithm, algorithms, type TokenWork, tokenWork } from './work.ts';

type Figure = 'rate' | 'cpu';

const figures = {
  rate: { heading: 'requests/s', digits: 0, moreIsBetter: true },
  cpu: { heading: 'CPU, us a request', digits: 0 },
} as const satisfies Table<Figure>['figures'];

const ours = 'Countersign' satisfies ContestantName;
const floor = 'hand-written floor' satisfies ContestantName;
const nodeOauth = '@node-oauth/oauth2-server 5' satisfies ContestantName;
const peer = 'oidc-provider 9' satisfies ContestantName;

/** How many of the plan's requests; RS256 takes four times as long. */
const share: Readonly<Record<Algorithm, number>> = { ES256: 1, RS256: 1 / 4 };
/** Requests before all rounds, for V8 to settle: until then the more code a server has, the slower it is. */
const warmUp: Readonly<Record<Algorithm, number>> = { ES256: 20_000, RS256: 8000 };

/** One comparison, and its targets. */
interface Comparison {
  readonly table: Table<Figure>;
  readonly targets: readonly Target[];
}

/** The token endpoint beside those of other servers, and beside the least that the work takes. */
export async function benchTokens(plan: Plan): Promise<Report> {
  const comparisons: Comparison[] = [];
  for (const alg of algorithms) {
    const work = await tokenWork(alg);
    await withServers(contestantNames, work, async (servers) => {
      for (const { tokenEndpoint } of servers) {
        await load(tokenEndpoint, work, { connections: 10, requests: warmUp[alg] });
      }
      for (const connections of [10, 50]) {
        comparisons.push(await compare(servers, { plan, work, connections }));
      }
    });
  }
  return {
    about,
    tables: comparisons.map(({ table }) => table),
    targets: comparisons.flatMap(({ targets }) => targets),
    notes,
  };
}

/** What the servers do in one comparison. */
interface Compared {
  readonly plan: Plan;
  readonly work: TokenWork;
  readonly connections: number;
}

async function compare(
  servers: readonly RunningServer[],
  { plan, work, connections }: Compared,
): Promise<Comparison> {
  const pressure = { connections, requests: plan.requests * share[work.alg] };
  const measured = await inTurn(
    servers.map((server) => pressed(server, work, pressure)),
    plan,
  );
  const title = `${work.alg}, ${connections} connections`;
  const peers = contestantNames.filter((name) => name !== ours);
  const table = { title, measured, figures, against: peer, peers };
  const wanted = [...beside.peers, ...(work.alg === 'ES256' ? beside.floor : [])];
  return { table, targets: wanted.map((target) => targetOf(table, target)) };
}

/** A server that is sent a round's requests, once it has shown that it gives good tokens. */
const pressed = (
  { name, tokenEndpoint, cpu }: RunningServer,
  work: TokenWork,
  pressure: Pressure,
): Contestant<Figure> => ({
  name,
  async round() {
    await checkToken(tokenEndpoint, work);
    const before = await cpu();
    const seconds = await load(tokenEndpoint, work, pressure);
    const used = (await cpu()) - before;
    return { rate: pressure.requests / seconds, cpu: used / pressure.requests };
  },
});

/** A limit for our ratio to another contestant, or to the better of several. */
interface Limit {
  readonly figure: Figure;
  readonly to: ContestantName | readonly ContestantName[];
  /** What it is beside, in words. */
  readonly of: string;
  readonly wanted: Wanted;
}

/** What is wanted: of each comparison beside the peers, and where a signature is quick beside the floor, too. */
const beside: Readonly<Record<'peers' | 'floor', readonly Limit[]>> = {
  peers: [
    { figure: 'rate', to: peer, of: `${peer}'s`, wanted: { atLeast: 1.3 } },
    { figure: 'rate', to: nodeOauth, of: `${nodeOauth}'s`, wanted: { atLeast: 1 } },
    { figure: 'cpu', to: [peer, nodeOauth], of: 'the better peer', wanted: { atMost: 1 } },
  ],
  floor: [
    { figure: 'rate', to: floor, of: "the floor's", wanted: { atLeast: 0.85 } },
    { figure: 'cpu', to: floor, of: "the floor's", wanted: { atMost: 1.2 } },
  ],
};

const targetOf = (table: Table<Figure>, { figure, to, of, wanted }: Limit): Target =>
  ratioTarget(table, {
    what: `${figure === 'rate' ? 'Tokens a second' : 'CPU a token'} beside ${of}: ${table.title}`,
    wanted,
    row: ours,
    figure,
    ...(to !== peer && { to }),
  });

const about =
  'client_secret_basic, one scope, a JWT access token with the claims of RFC 9068, stores in memory, the private ' +
  'key in the process. Each server has a process of its own, whose CPU is counted on all threads; autocannon ' +
  'presses it from another, over connections that are kept alive. Every answer is a token; one a round is ' +
  'verified by jose.';

const notes = [
  'Countersign is the handler of the token function behind node:http. Between them is as little as an adapter needs: ' +
    'an event with the method, the path, the headers, the peer, and the body as text. The audit line is put ' +
    'together and goes nowhere, for no other server here writes one; calls of AWS are not in it, for no other ' +
    'server here has any.',
  'The hand-written floor is node:http and node:crypto, and nothing that the work can do without. jose signs for ' +
    'the two others. RS256 is mostly the signature, which all make on further threads: ours as the token function ' +
    'does where an instance serves several requests at once. Where it serves one at a time, it signs on its one ' +
    'thread, which is quicker for a lone request.',
  'A profile at 50 connections (ES256, microseconds a request, before the last round of work, after it, and the floor): ' +
    'the write to the socket 35, 26 and 18; the signature 19, 21 and 22; all functions of ours 10, 6 and 3; garbage ' +
    'collection 3, 2 and 2; middy and promises 2, 1 and 1.',
  'So half of what is above the floor is the write, which is the same there. The load comes from the other core, and ' +
    'sleeps between answers where those are slower: then each write has to wake it. The floor with 6 us of waiting in it ' +
    'wrote for 25 us in place of 18, and gave 16,000 tokens a second in place of 18,000, which is what ours does.',
  'That is where @node-oauth/oauth2-server comes near at ES256 and 50 connections, with a third more CPU a token: jose ' +
    'signs on other threads, on the core that the load leaves free, while ours is bound by one thread. To be well ahead ' +
    'there, ours had to take 3 us above the floor, for all that it checks. To sign on another thread would take 13 us more ' +
    'CPU of each token.',
  'The last round took a request in process, without network and signature, from 14 us to 9. Its parts, to some 0.3 us: ' +
    'parameters of the form without lists between 1.5; asynchronous steps only where something is waited for, 20 ' +
    'promises in place of 51, and an audit line that is put together when it is written 1.5; the header of a token ' +
    'encoded once for each key 0.6; cached records taken without waiting 0.5; a secret compared as the text that is ' +
    'stored 0.3. There is a third less garbage, 20 KB a request, where the floor makes 8.',
  'Without gain: the media type compared before its pattern is tried, a client with one grant taken out before the ' +
    'others are looked at, headers of the answer without a copy. Not tried, since each is a part of a step that takes ' +
    'little as a whole: one loop for the form (0.2 us), fewer copies of the event (0.6). A prototype that decided without ' +
    'any promise gained 1 us before cached records were taken without waiting, and needs a second way for assertions and ' +
    'DPoP proofs. The timer by which middy answers before Lambda ends the function costs 0.9 us, and is not in the bench.',
];
