import { setTimeout as delay } from 'node:timers/promises';
import { longestRecordCache } from '../../../functions/oauth/record-times.ts';
import { startTestStack } from '../../support/local-stack.ts';
import type { Report, Table } from '../report/report.ts';
import type { Plan } from '../report/rounds.ts';
import { type Met, startConsumers } from './consumers.ts';
import { startRotatingClient } from './rotating-client.ts';

/** Seconds that a replaced secret works, and that a consumer caches it. */
const overlap = 60;
const cached = [0, 5, 20, 40, 50, 55];
/** Seconds between two steps, and before a rotation. */
const pauses = { step: 2, rest: 10 };

const phases = ['at rest', 'during the four steps', 'until the old secret has ended'] as const;
type Phase = (typeof phases)[number];

/** A load that runs all through rotations of its client's secret: how many requests are refused. */
export async function benchSecretRotation(plan: Plan): Promise<Report> {
  await using running = new AsyncDisposableStack();
  const stack = await startTestStack({ settings: { clientCache: String(longestRecordCache) } });
  running.defer(() => stack.stop());
  const client = running.use(await startRotatingClient(stack, overlap));
  const consumers = running.use(startConsumers(client, cached));
  const measured = new Map(phases.map((phase) => [phase, [] as Met[]]));
  for (let round = -plan.warmUp; round < plan.rounds; round += 1) {
    plan.progress?.(round < 0 ? 'warms up' : `rotation ${round + 1} of ${plan.rounds}`);
    const met: Readonly<Record<Phase, Met>> = {
      'at rest': await consumers.during(seconds(pauses.rest)),
      'during the four steps': await consumers.during(rotated(await client.begin())),
      'until the old secret has ended': await consumers.during(seconds(overlap + 1)),
    };
    if (round >= 0) for (const phase of phases) measured.get(phase)?.push(met[phase]);
  }
  return reportOf(measured);
}

const seconds = (count: number): Promise<void> => delay(count * 1000);

async function rotated(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) {
    await step();
    await seconds(pauses.step);
  }
}

function reportOf(measured: ReadonlyMap<Phase, readonly Met[]>): Report {
  const all = [...measured.values()].flat();
  const sum = (figure: keyof Met) => all.reduce((total, met) => total + met[figure], 0);
  // A ratio of refusals would be one by zero.
  const table: Table<'requests' | 'time'> = {
    title: 'Token requests by a secret that rotates',
    measured,
    figures: {
      requests: { heading: 'requests', digits: 0, moreIsBetter: true },
      time: { heading: 'median, ms', digits: 1 },
    },
    against: 'at rest',
    plotted: ['time'],
  };
  const refused = sum('refused');
  const what = `Refused of ${sum('requests')} requests, all through ${measured.get('at rest')?.length} rotations`;
  const reached = { median: refused, low: refused, high: refused };
  return {
    about,
    tables: [table],
    targets: [{ what, wanted: { atMost: 0 }, reached, unit: '' }],
    notes: [...measured].map(([phase, each]) => {
      const [requests, no] = (['requests', 'refused'] as const).map((figure) =>
        each.reduce((total, met) => total + met[figure], 0),
      );
      return `${phase}: ${requests} requests, ${no} of them refused.`;
    }),
  };
}

const about =
  'A local stack (`npm start`) with the token function, DynamoDB and `clientCache` at its longest, five minutes. A double ' +
  `of Secrets Manager keeps the secret, and each step of a rotation is run as the service asks for it, ${pauses.step} seconds apart. ` +
  `${cached.length} consumers cache the secret for ${cached.join(', ')} seconds, and ask for a token twenty times a second each. ` +
  `A replaced secret works for ${overlap} seconds; each round is one rotation, until the old secret has ended.`;
