import { type Report, ratioTarget, type Target } from '../report/report.ts';
import type { Measured } from '../report/rounds.ts';
import { notes } from './notes.ts';
import { clientsRow, connectionsRow, type ScaleMeasured, type ScalePlan } from './plan.ts';

/** Makes the report of what was measured. */
export function scaleReport(plan: ScalePlan, measured: ScaleMeasured): Report {
  const tables = tablesOf(plan, measured);
  return {
    about:
      'Tokens by client_secret_basic, each request of a random one of the clients that are registered, ' +
      "from the local stack's gateway, DynamoDB and KMS (`npm start`), which share a process. The token " +
      'function runs from the bundle that is deployed; its instances, of which each takes one event at ' +
      'a time, are processes here, with a heap as Lambda limits it, so that their memory and processor ' +
      'time are known. Registered clients are compared over one connection, so nothing waits; memory is ' +
      "the largest instance's after its garbage is collected. A request that is refused, or fails, ends " +
      'the bench.',
    tables: Object.values(tables),
    targets: targets(plan, tables),
    notes: notes(plan, measured),
  };
}

const latency = {
  p50: { heading: 'p50, ms', digits: 2 },
  p99: { heading: 'p99, ms', digits: 2 },
  rate: { heading: 'tokens/s', digits: 0, moreIsBetter: true },
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
  rate: { heading: 'answers/s', digits: 0, moreIsBetter: true },
  emulator: { heading: "emulator's CPU, us", digits: 0 },
};

type Tables = ReturnType<typeof tablesOf>;

function tablesOf(plan: ScalePlan, { clients, connections, emulator }: ScaleMeasured) {
  const rows = (cached: boolean) => plan.clients.map((n) => clientsRow(n, cached));
  const of = (cached: boolean) => ({
    measured: only(clients, rows(cached)),
    against: clientsRow(plan.usualClients, cached),
  });
  const open = { measured: connections, against: connectionsRow(plan.connections[0] ?? 0) };
  const usual = connectionsRow(plan.usualConnections);
  const grows = { figures: latency, plotted: ['p50', 'rate', 'rss'] } as const;
  return {
    read: { title: 'Registered clients, each request reads its client', ...of(false), ...grows },
    cached: { title: 'Registered clients, cached as deployed', ...of(true), ...grows },
    open: { title: 'Connections', ...open, ...grows },
    readShares: { title: 'Whose time: clients that are read', ...of(false), figures: shares },
    cachedShares: { title: 'Whose time: clients that are cached', ...of(true), figures: shares },
    openShares: { title: 'Whose time: connections', ...open, figures: shares },
    emulator: { title: 'The emulator alone', measured: emulator, against: usual, figures: calls },
  };
}

function only<Figure extends string>(
  measured: Measured<Figure>,
  names: readonly string[],
): Measured<Figure> {
  return new Map([...measured].filter(([name]) => names.includes(name)));
}

function targets(plan: ScalePlan, tables: Tables): readonly Target[] {
  const most = plan.clients.at(-1) ?? 0;
  const many = connectionsRow(plan.connections.at(-1) ?? 0);
  const registered = `${clientsRow(most, false)} against ${plan.usualClients.toLocaleString('en')}`;
  const open = `${many} against ${plan.connections[0] ?? 0}`;
  const wanted = { atMost: 1.25 };
  const read = { row: clientsRow(most, false), wanted };
  const cached = { row: clientsRow(most, true), wanted };
  const opened = { row: many, wanted };
  return [
    ratioTarget(tables.read, { what: `p50, clients read: ${registered}`, figure: 'p50', ...read }),
    ratioTarget(tables.read, {
      what: `memory, clients read: ${registered}`,
      figure: 'rss',
      ...read,
    }),
    ratioTarget(tables.cached, {
      what: `memory, clients cached: ${registered}`,
      figure: 'rss',
      ...cached,
    }),
    ratioTarget(tables.openShares, {
      what: `time in the function: ${open}`,
      figure: 'inside',
      ...opened,
    }),
    ratioTarget(tables.open, { what: `memory: ${open}`, figure: 'rss', ...opened }),
    ratioTarget(tables.open, {
      what: `tokens a second: ${open}`,
      figure: 'rate',
      row: many,
      wanted: { atLeast: 0.8 },
    }),
  ];
}
