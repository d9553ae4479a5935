import { describe, expect, test } from 'vitest';
import { comparisonPage, summary } from './pages/compared.ts';
import { compare, missingIn, sameMachine, worseIn } from './report/comparison.ts';
import { machine, type RecordedReport, ratioTarget, recorded } from './report/report.ts';
import { ofRuns } from './report/runs.ts';

const figures = {
  cpu: { heading: 'CPU', digits: 1 },
  rate: { heading: 'answers/s', digits: 0, moreIsBetter: true },
};
const wanted = { atMost: 1 };

/** Six rounds about a value, each this part of it away from it at most. */
const about = (value: number, noise: number): readonly number[] =>
  [-1, 1, -0.5, 0.5, -0.1, 0.1].map((part) => value * (1 + part * noise));

/** A report whose peer needs 1 and answers 1. */
function report(ours: readonly number[], rate: readonly number[] = ours.map(() => 1)) {
  const peer = ours.map(() => ({ cpu: 1, rate: 1 }));
  const measured = new Map([
    ['ours', ours.map((cpu, round) => ({ cpu, rate: rate[round] ?? Number.NaN }))],
    ['peer', peer],
    ['other peer', ours.map((cpu) => ({ cpu, rate: 1 }))],
  ]);
  const table = { title: 'T', measured, figures, against: 'peer', peers: ['other peer'] };
  const targets = [ratioTarget(table, { what: 'less', wanted, row: 'ours', figure: 'cpu' })];
  return recorded({ about: '', tables: [table], targets, notes: [] });
}

/** What has become of the target. */
const changeOf = (before: RecordedReport, now: RecordedReport) =>
  compare(before, now).targets[0]?.change;

describe('a target of two reports', () => {
  test.for([
    [1, 0.05, 1, 0.05, 'same'],
    [1, 0.05, 1.05, 0.05, 'same'],
    [1, 0.05, 1.2, 0.05, 'worse'],
    [1.2, 0.05, 1, 0.05, 'better'],
    [1, 0.2, 1.2, 0.2, 'unclear'],
    [1, 0.2, 1, 0.2, 'unclear'],
    [1, 0.3, 0.9, 0.1, 'unclear'],
    [0.9, 0.1, 1, 0.3, 'unclear'],
    // However sure it is: a median that is worse by 1 % is no regression.
    [1, 0, 1.01, 0, 'same'],
    [1, 0, 1.03, 0, 'worse'],
    [0, 0, 0, 0, 'same'],
    [0, 0, 1, 0, 'worse'],
  ] as const)('%f (%f), then %f (%f): %s', ([before, noise, now, noiseNow, change]) => {
    expect(changeOf(report(about(before, noise)), report(about(now, noiseNow)))).toBe(change);
  });

  test('is taken from the rounds of a report that did not have it', () => {
    const before = { ...report(about(1, 0.05)), targets: [] };
    expect(changeOf(before, report(about(2, 0.05)))).toBe('worse');
  });

  test('is taken by the best of several rows, also of a report that did not have it', () => {
    const [before, now] = [report(about(1, 0.05)), report(about(1, 0.05))];
    const [table] = now.tables;
    if (!table) throw new Error('there is no table');
    const to = ['peer', 'other peer'];
    const target = ratioTarget(table, { what: '', wanted, row: 'ours', figure: 'cpu', to });
    const [compared] = compare(before, { ...now, targets: [target] }).targets;
    expect(compared?.before).toEqual(compared?.now);
    expect(compared?.before?.high).toBeCloseTo(1.05);
  });

  test('that is a size is found by its words', () => {
    const size = (median: number, what: string, noise = 0) => {
      const reached = { median, low: median - noise, high: median + noise };
      return recorded({
        about: '',
        tables: [],
        targets: [{ what, wanted, reached, unit: ' KB' }],
        notes: [],
      });
    };
    expect(changeOf(size(1, 'bundle'), size(2, 'bundle'))).toBe('worse');
    expect(changeOf(size(1, 'other'), size(2, 'bundle'))).toBe('not compared');
    // No size is noisy: it is a time.
    expect(changeOf(size(1, 'time'), size(2, 'time', 0.1))).toBe('not compared');
    expect(missingIn(size(2, 'time', 0.1), size(1, 'time'))).toEqual([]);
  });
});

describe('the rows of two reports', () => {
  const changes = (before: RecordedReport | undefined, now: RecordedReport) =>
    Object.fromEntries(compare(before, now).rows.map(({ what, change }) => [what, change]));

  test('are those without a target; more is better where their figure says so', () => {
    const before = report(about(1, 0.01), about(1, 0.01));
    expect(changes(before, report(about(1, 0.01), about(2, 0.01)))).toEqual({
      'T: ours against peer, answers/s': 'better',
      'T: other peer against peer, CPU': 'same',
      'T: other peer against peer, answers/s': 'same',
    });
  });

  test('are not compared where the other report does not have them', () => {
    const now = report(about(1, 0.01));
    const tables = now.tables.map((table) => ({ ...table, title: 'Another' }));
    for (const before of [undefined, { ...now, tables }]) {
      expect(new Set(Object.values(changes(before, now)))).toEqual(new Set(['not compared']));
    }
  });

  test('that are gone are known', () => {
    const [before, now] = [report(about(1, 0.01)), report(about(1, 0.01))];
    expect(missingIn(now, before)).toEqual([]);
    expect(missingIn({ ...now, tables: [], targets: [] }, before)).toEqual([
      'less',
      'T: ours against peer, answers/s',
      'T: other peer against peer, CPU',
      'T: other peer against peer, answers/s',
    ]);
  });

  test('are no regression where they are of a peer', () => {
    const comparison = compare(report(about(1, 0.01)), report(about(2, 0.01)));
    expect(worseIn(comparison).map(({ what }) => what)).toEqual(['less']);
    expect(comparisonPage('name', comparison)).toContain(
      '| T: other peer against peer, CPU | 1.00 (0.99 to 1.01) x | 2.00 (1.98 to 2.02) x | (worse) |',
    );
  });
});

test('the page has each target with its verdict, and the summary counts them', () => {
  const comparison = compare(report(about(1, 0.01)), report(about(0.5, 0.01)));
  expect(comparisonPage('name', comparison)).toContain(
    '| less | at most 1 x | 1.00 (0.99 to 1.01) x | 0.50 (0.49 to 0.51) x | met | better |',
  );
  expect(summary([comparison, compare(undefined, report(about(1, 0.5)))], 'docs')).toBe(
    'Targets: 1 met, 0 missed, 1 too noisy to tell.\n' +
      'Since docs: 0 worse, 1 better, 1 the same, 0 too noisy to tell, 2 not compared.\n',
  );
});

test('a machine is the same with the same processors and major version of Node', () => {
  const here = { node: 'v24.1.0', cpus: ['a', 'a'] };
  expect(sameMachine(here, { ...here, node: 'v24.21.1' })).toBe(true);
  expect(sameMachine(here, { ...here, node: 'v2.4.0' })).toBe(false);
  expect(sameMachine(here, { ...here, cpus: ['a'] })).toBe(false);
  expect(sameMachine(here, { ...here, cpus: ['a', 'b'] })).toBe(false);
  expect(sameMachine(machine(), recorded({ about: '', tables: [], targets: [], notes: [] }))).toBe(
    true,
  );
});

describe('several runs of a bench', () => {
  const joined = ofRuns([1, 3, 2].map((value) => report(about(value, 0.9))));

  test('have the median of their medians, in their tables and targets', () => {
    expect(joined.targets[0]?.reached).toEqual({ median: 2, low: 1, high: 3 });
    const [row] = compare(undefined, { ...joined, targets: [] }).rows;
    expect(row?.now).toEqual({ median: 2, low: 1, high: 3 });
  });

  test('keep all rounds', () => {
    expect(joined.tables[0]?.measured.get('ours')).toHaveLength(18);
  });

  test('are what one is, where there is one', () => {
    const one = report(about(1, 0.1));
    expect(ofRuns([one])).toBe(one);
    expect(() => ofRuns([])).toThrow('nothing was measured');
  });
});
