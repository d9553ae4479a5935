import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { allPages, readReports, redraw, writeReport } from './pages/files.ts';
import { markdown, targetTable } from './pages/markdown.ts';
import { type Report, ratioTarget, recorded, type Target } from './report/report.ts';
import { type Contestant, inTurn, ratioOf, spreadOf } from './report/rounds.ts';

/** A contestant that has measured these values, round by round; the first is the one that does not count. */
function measuring(name: string, values: readonly number[], log: string[] = []): Contestant<'cpu'> {
  const left = [...values];
  return {
    name,
    async round() {
      log.push(name);
      return { cpu: left.shift() ?? Number.NaN };
    },
  };
}

const peer = 'a peer';
const contestants = () => [measuring('ours', [99, 10, 40, 20]), measuring(peer, [99, 20, 20, 40])];

describe('a comparison', () => {
  test('lets each contestant work in each round, in turn', async () => {
    const log: string[] = [];
    await inTurn([measuring('a', [], log), measuring('b', [], log)], { warmUp: 1, rounds: 2 });
    expect(log).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  test('has the median and the spread of each, without the first round', async () => {
    const measured = await inTurn(contestants(), { warmUp: 1, rounds: 3 });
    expect(spreadOf(measured, 'ours', 'cpu')).toEqual({ median: 20, low: 10, high: 40 });
  });

  test('has ratios round by round: 10/20, 40/20, 20/40', async () => {
    const measured = await inTurn(contestants(), { warmUp: 1, rounds: 3 });
    const ratio = ratioOf(measured, 'cpu', { of: 'ours', to: peer });
    expect(ratio).toEqual({ median: 0.5, low: 0.5, high: 2 });
  });

  test('fails with the name of who failed', async () => {
    const broken = { name: 'broken', round: () => Promise.reject(new Error('no')) };
    await expect(inTurn([broken], { warmUp: 0, rounds: 1 })).rejects.toThrow('broken failed');
  });
});

const target = (special: Partial<Target>): Target => ({
  what: 'ours against a peer',
  wanted: { atMost: 0.5 },
  reached: { median: 0.5, low: 0.4, high: 0.6 },
  unit: ' x',
  ...special,
});

describe('a target', () => {
  test.for([
    [{ atMost: 0.6 }, 'at most 0.6 x', 'met'],
    [{ atMost: 0.59 }, 'at most 0.59 x', 'unclear'],
    [{ atMost: 0.4 }, 'at most 0.4 x', 'unclear'],
    [{ atMost: 0.39 }, 'at most 0.39 x', 'missed'],
    [{ atLeast: 0.4 }, 'at least 0.4 x', 'met'],
    [{ atLeast: 0.41 }, 'at least 0.41 x', 'unclear'],
    [{ atLeast: 0.6 }, 'at least 0.6 x', 'unclear'],
    [{ atLeast: 0.61 }, 'at least 0.61 x', 'missed'],
  ] as const)('%j of 0.5 in 0.4 to 0.6: %s, %s', ([wanted, words, verdict]) => {
    expect(targetTable([target({ wanted })])).toContain(
      `| ours against a peer | ${words} | 0.50 (0.40 to 0.60) x | ${verdict} |`,
    );
  });
});

describe('a target against others than its table is', () => {
  const measured = new Map([
    ['ours', [{ cpu: 4 }, { cpu: 4 }, { cpu: 4 }]],
    ['one', [{ cpu: 2 }, { cpu: 8 }, { cpu: 4 }]],
    ['other', [{ cpu: 8 }, { cpu: 2 }, { cpu: 8 }]],
  ]);
  const table = { title: 'A table', measured, against: 'ours' };
  const aTarget = { what: '', row: 'ours', figure: 'cpu' } as const;

  test.for([
    ['one', { atMost: 1 }, { median: 1, low: 0.5, high: 2 }],
    [['one', 'other'], { atMost: 1 }, { median: 2, low: 1, high: 2 }],
    [['one', 'other'], { atLeast: 1 }, { median: 0.5, low: 0.5, high: 0.5 }],
  ] as const)('%j, %j: the best of each round', ([to, wanted, reached]) => {
    const made = ratioTarget(table, { ...aTarget, to, wanted });
    const place = { table: 'A table', row: 'ours', figure: 'cpu', to: [to].flat() };
    expect(made).toEqual({ what: '', wanted, reached, unit: ' x', place });
  });
});

describe('a report', () => {
  test('shows values with their spread, and ratios', async () => {
    const measured = await inTurn(contestants(), { warmUp: 1, rounds: 3 });
    const figures = { cpu: { heading: 'CPU, us', digits: 1 } };
    const report: Report = {
      about: 'About this.',
      tables: [{ title: 'A table', measured, figures, against: peer }],
      targets: [target({})],
      notes: ['A note.'],
    };
    const text = markdown('name', recorded(report));
    expect(text).toContain('|  | CPU, us | x a peer |');
    expect(text).toContain('| ours | 20.0 (10.0 to 40.0) | 0.50 (0.50 to 2.00) |');
    expect(text).toContain('About this.');
    expect(text).toContain('A note.');
  });

  test('is written with every round, and read back as it was', async () => {
    const folder = await emptyFolder();
    const measured = await inTurn(contestants(), { warmUp: 1, rounds: 3 });
    const figures = { cpu: { heading: 'CPU, us', digits: 1 } };
    const table = { title: 'A table', measured, figures, against: peer };
    const report = recorded({ about: '', tables: [table], targets: [target({})], notes: [] });
    await writeReport('one', report, folder);
    expect(await readReports(folder)).toEqual(new Map([['one', report]]));
    await writeFile(join(folder, 'other.json'), JSON.stringify({ ...report, targets: 1 }));
    await expect(readReports(folder)).rejects.toThrow('other.json');
  });

  test('of before there were intervals is read: they are those of its rounds', async () => {
    const folder = await emptyFolder();
    const ours = [3, 1, 4, 2, 5, 9, 7, 8, 6].map((cpu) => ({ cpu }));
    const measured = { ours, [peer]: ours.map(() => ({ cpu: 1 })) };
    const figures = { cpu: { heading: 'CPU, us', digits: 1 } };
    const old = { reached: { median: 5, least: 1, most: 9 } };
    const place = { table: 'A table', row: 'ours', figure: 'cpu' };
    const targets = [
      { ...target({ place }), ...old },
      { ...target({}), ...old },
    ];
    const tables = [{ title: 'A table', measured, figures, against: peer }];
    const json = {
      ...recorded({ about: '', tables: [], targets: [], notes: [] }),
      tables,
      targets,
    };
    await writeFile(join(folder, 'old.json'), JSON.stringify(json));
    const read = (await readReports(folder)).get('old');
    expect(read?.targets.map(({ reached }) => reached)).toEqual([
      { median: 5, low: 2, high: 8 },
      { median: 5, low: 1, high: 9 },
    ]);
  });

  test('is what the overview of its folder shows, with the others there', async () => {
    const folder = await emptyFolder();
    const report = recorded({ about: '', tables: [], targets: [target({})], notes: [] });
    await writeReport('one', report, folder);
    await writeReport('other', { ...report, targets: [target({ what: 'another' })] }, folder);
    await redraw(folder);
    const overview = await readFile(join(folder, 'README.md'), 'utf8');
    const rows = overview.split('\n').filter((line) => /^(##|\| [^w-])/.test(line));
    expect(rows.map((row) => row.split(' | ')[0])).toEqual([
      '## [one](one.md)',
      '| ours against a peer',
      '## [other](other.md)',
      '| another',
    ]);
  });
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('the pages, plots and overview in docs/bench are what its reports give', async () => {
  for (const [file, text] of await allPages('docs/bench')) {
    expect(await readFile(join('docs/bench', file), 'utf8'), file).toBe(text);
  }
});
