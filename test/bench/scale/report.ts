import type { Report, Table, Target } from '../report/report.ts';
import { type Measured, ratioOf } from '../report/rounds.ts';
import { notes } from './notes.ts';
import { clientsRow, connectionsRow, type ScaleMeasured, type ScalePlan } from './plan.ts';
import type { TokenFigure } from './token-requests.ts';

/** Makes the report of what was measured. */
export function scaleReport(plan: ScalePlan, measured: ScaleMeasured): Report {
  return {
    about:
      'Tokens by client_secret_basic, each request of a random one of the clients that are registered, ' +
      "from the local stack's gateway, DynamoDB and KMS (`npm start`), which share a process. The token " +
      'function runs from the bundle that is deployed; its instances, of which each takes one event at ' +
      'a time, are processes here, with a heap as Lambda limits it, so that their memory and processor ' +
      'time are known. Registered clients are compared over one connection, so nothing waits; memory is ' +
      "the largest instance's after its garbage is collected. A request that is refused, or fails, ends " +
      'the bench.',
    tables: tables(plan, measured),
    targets: targets(plan, measured),
    notes: notes(plan, measured),
  };
}

const latency = {
  p50: { heading: 'p50, ms', digits: 2 },
  p99: { heading: 'p99, ms', digits: 2 },
  rate: { heading: 'tokens/s', digits: 0 },
  rss: { heading: 'memory, MB', digits: 0 },
  heap: { heading: 'of that live heap, MB', digits: 1 },
};
const shares = {
  inside: { heading: 'in the function p50, ms', digits: 2 },
  own: { heading: "function's CPU, us", digits: 0 },
  emulator: { heading: "emulator's CPU, us", digits: 0 },
};
const calls = {
  p50: { heading: 'p50, ms', digits: 2 },
  rate: { heading: 'answers/s', digits: 0 },
  emulator: { heading: "emulator's CPU, us", digits: 0 },
};

function tables(
  plan: ScalePlan,
  { clients, connections, emulator }: ScaleMeasured,
): readonly Table[] {
  const rows = (remembered: boolean) => plan.clients.map((n) => clientsRow(n, remembered));
  const of = (remembered: boolean) => ({
    measured: only(clients, rows(remembered)),
    against: clientsRow(plan.usualClients, remembered),
  });
  const fewest = connectionsRow(plan.connections[0] ?? 0);
  const open = { measured: connections, against: fewest };
  const usual = connectionsRow(plan.usualConnections);
  return [
    { title: 'Registered clients, each request reads its client', ...of(false), figures: latency },
    { title: 'Registered clients, remembered as deployed', ...of(true), figures: latency },
    { title: 'Connections', ...open, figures: latency },
    { title: 'Whose time: clients that are read', ...of(false), figures: shares },
    { title: 'Whose time: clients that are remembered', ...of(true), figures: shares },
    { title: 'Whose time: connections', ...open, figures: shares },
    { title: 'The emulator alone', measured: emulator, against: usual, figures: calls },
  ];
}

function only<Figure extends string>(
  measured: Measured<Figure>,
  names: readonly string[],
): Measured<Figure> {
  return new Map([...measured].filter(([name]) => names.includes(name)));
}

function targets(plan: ScalePlan, { clients, connections }: ScaleMeasured): readonly Target[] {
  const [most, usual] = [plan.clients.at(-1) ?? 0, plan.usualClients];
  const [few, many] = [plan.connections[0] ?? 0, plan.connections.at(-1) ?? 0];
  const scaled = (held: boolean, figure: TokenFigure) =>
    ratioOf(clients, figure, { of: clientsRow(most, held), to: clientsRow(usual, held) });
  const opened = (figure: TokenFigure) =>
    ratioOf(connections, figure, { of: connectionsRow(many), to: connectionsRow(few) });
  const registered = `${clientsRow(most, false)} against ${usual.toLocaleString('en')}`;
  const open = `${connectionsRow(many)} against ${few}`;
  const flat = { wanted: { atMost: 1.25 }, unit: ' x' };
  return [
    { what: `p50, clients read: ${registered}`, reached: scaled(false, 'p50'), ...flat },
    { what: `memory, clients read: ${registered}`, reached: scaled(false, 'rss'), ...flat },
    { what: `memory, clients remembered: ${registered}`, reached: scaled(true, 'rss'), ...flat },
    { what: `time in the function: ${open}`, reached: opened('inside'), ...flat },
    { what: `memory: ${open}`, reached: opened('rss'), ...flat },
    {
      what: `tokens a second: ${open}`,
      reached: opened('rate'),
      ...flat,
      wanted: { atLeast: 0.8 },
    },
  ];
}
