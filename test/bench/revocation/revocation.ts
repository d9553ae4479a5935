import type { Report, Table, Target } from '../report/report.ts';
import type { Plan } from '../report/rounds.ts';
import { notes } from './notes.ts';
import { type Stand, startStand } from './stand.ts';
import type { StaleFigures, TryFigures } from './tries.ts';
import { type Way, ways } from './ways.ts';

type Figure = 'first' | 'last' | 'worst';

/** Seconds that the demo API promises: its refuseRevokedWithin. */
const promised = 10;
/** Local stacks side by side. */
const stands = 3;

/** How soon an API refuses what was taken back, and for how long it lets in without an issuer. */
export async function benchRevocation(plan: Plan): Promise<Report> {
  await using running = new AsyncDisposableStack();
  const starting = Array.from({ length: stands }, async () => running.use(await startStand()));
  const all = await Promise.all(starting);
  const rounds = new Map(ways.map(({ title }) => [title, [] as (readonly TryFigures[])[]]));
  for (let round = -plan.warmUp; round < plan.rounds; round += 1) {
    plan.progress?.(round < 0 ? 'warms up' : `round ${round + 1} of ${plan.rounds}`);
    for (const way of ways) {
      const tries = await triesOf(all, way, plan.requests);
      if (round >= 0) rounds.get(way.title)?.push(tries);
    }
  }
  plan.progress?.('without an issuer');
  const stale = await Promise.all(all.map((stand) => stand.stale()));
  return reportOf(rounds, stale);
}

/** Each stand makes its share: at once, or of a way that is for all one after the other. */
async function triesOf(all: readonly Stand[], { title }: Way, tries: number) {
  const share = Math.ceil(tries / all.length);
  const made = await Promise.all(all.map((stand) => stand.tries(title, share)));
  return made.flat();
}

function reportOf(
  rounds: ReadonlyMap<string, readonly (readonly TryFigures[])[]>,
  stale: readonly StaleFigures[],
): Report {
  const measured = new Map(
    [...rounds].map(([title, each]) => [title, each.map(figuresOf)] as const),
  );
  const tries = new Map([...rounds].map(([title, each]) => [title, each.flat()] as const));
  const table: Table<Figure> = {
    title: 'Seconds until a token that was taken back is refused',
    measured,
    figures,
    against: 'POST /revoke',
    plotted: ['first', 'last', 'worst'],
  };
  const targets = [...measured.keys()].map(
    (title): Target => ({
      what: `${title}: the last call that is let in, of all tries`,
      wanted: { atMost: promised },
      reached: rangeOf(tries.get(title) ?? []),
      unit: ' s',
    }),
  );
  return { about, tables: [table], targets, notes: notes(tries, stale) };
}

/** The promise is about the worst of all, so that the interval has to reach to it. */
function rangeOf(all: readonly TryFigures[]): Target['reached'] {
  const last = all.map((one) => one.last).toSorted((one, other) => one - other);
  const [low = Number.NaN, high = Number.NaN] = [last.at(0), last.at(-1)];
  return { median: last[last.length >> 1] ?? Number.NaN, low, high };
}

const figures = {
  first: { heading: 'first refusal, s', digits: 2 },
  last: { heading: 'last let in, s', digits: 2 },
  worst: { heading: 'worst of a round, s', digits: 2 },
} as const;

function figuresOf(tries: readonly TryFigures[]): Readonly<Record<Figure, number>> {
  const sorted = (figure: keyof TryFigures) =>
    tries.map((one) => one[figure]).toSorted((one, other) => one - other);
  const middle = (figure: keyof TryFigures) => sorted(figure)[tries.length >> 1] ?? Number.NaN;
  return {
    first: middle('first'),
    last: middle('last'),
    worst: sorted('last').at(-1) ?? Number.NaN,
  };
}

const about =
  'Tokens are taken back at the local stack (`npm start`), whose demo API has refuseRevokedWithin: 10 seconds, ' +
  `on ${stands} stacks at the same time. Each try has a client of its own, whose token is sent to the API four times a ` +
  'second, beside those of the other tries, so that up to four instances of the authorizer are busy. Time counts ' +
  'from when the command begins, in a process that runs already. The first refusal is by the first instance that ' +
  'knows; after the last call that was let in all know.';
