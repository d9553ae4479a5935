import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { benches } from './command/benches.ts';
import { benchCommand } from './command/command.ts';
import type { Run } from './command/surroundings.ts';
import { readReports, writeReport } from './pages/files.ts';
import { ratioTarget, recorded } from './report/report.ts';

/** A report whose only target needs so much of the peer's time. */
function report(ratio: number) {
  const rounds = [0.99, 1, 1, 1, 1, 1.01].map((cpu) => ({ cpu: cpu * ratio }));
  const measured = new Map([
    ['ours', rounds],
    ['peer', rounds.map(() => ({ cpu: 1 }))],
  ]);
  const figures = { cpu: { heading: 'CPU', digits: 1 } };
  const table = { title: 'T', measured, figures, against: 'peer' };
  const wanted = { atMost: 1.5 };
  const targets = [ratioTarget(table, { what: 'less', wanted, row: 'ours', figure: 'cpu' })];
  return recorded({ about: '', tables: [table], targets, notes: [] });
}

/** Runs the command; what is measured has these ratios, one after the other. */
async function bench(args: readonly string[], ratios: readonly number[] = []) {
  const left = [...ratios];
  const [printed, told, runs]: [string[], string[], Run[]] = [[], [], []];
  const code = await benchCommand(args, {
    print: (text) => printed.push(text),
    tell: (line) => told.push(line),
    measure: async (run) => {
      runs.push(run);
      const ratio = left.shift();
      if (ratio === undefined) throw new Error(`the bench ${run.name} has failed`);
      return report(ratio);
    },
  });
  return { code, printed: printed.join(''), told, runs };
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A folder with a report of the bench `dpop`. */
async function folderOf(ratio: number, node = process.version): Promise<string> {
  const folder = await emptyFolder();
  await writeReport('dpop', { ...report(ratio), node }, folder);
  return folder;
}

describe('npm run bench', () => {
  test('measures all benches but those that take long, by their usual plans', async () => {
    const out = await emptyFolder();
    const names = Object.keys(benches).filter((name) => !benches[name]?.onlyIfNamed);
    const { code, runs } = await bench(
      ['--out', out],
      names.map(() => 1),
    );
    expect(code).toBe(0);
    expect(runs.map(({ name }) => name)).toEqual(names);
    expect(runs.map(({ plan }) => plan)).toEqual(names.map((name) => benches[name]?.plans.usual));
    expect([...(await readReports(out)).keys()].sort()).toEqual(names.toSorted());
    expect(await readdir(out)).toContain('README.md');
  });

  test('measures only what is named', async () => {
    const { runs, printed } = await bench(['scale', '--out', await emptyFolder()], [1]);
    expect(runs.map(({ name }) => name)).toEqual(['scale']);
    expect(printed).toContain('# npm run bench -- scale');
  });

  test('measures several runs, and has the median of them', async () => {
    const out = await emptyFolder();
    const { runs, printed } = await bench(['dpop', '--runs', '3', '--out', out], [1, 4, 2]);
    expect(runs.map(({ label }) => label)).toEqual([1, 2, 3].map((n) => `dpop, run ${n} of 3`));
    expect(printed).toContain('Medians of the medians of 3 runs');
    expect(printed).toContain('| less | at most 1.5 x | 2.00 (1.00 to 4.00) x | unclear |');
    expect((await readReports(out)).get('dpop')?.targets[0]?.reached.median).toBe(2);
  });

  test('has plans whose rounds are enough for an interval', () => {
    for (const [name, { plans }] of Object.entries(benches)) {
      expect(plans.quick.rounds, name).toBeGreaterThanOrEqual(6);
      expect(plans.quick.warmUp, name).toBeGreaterThanOrEqual(1);
      expect(plans.usual.rounds, name).toBeGreaterThanOrEqual(plans.quick.rounds);
    }
  });

  test('fails with 3 where a bench does', async () => {
    const { code, told } = await bench(['dpop', '--out', await emptyFolder()]);
    expect([code, told]).toEqual([3, ['the bench dpop has failed']]);
  });
});

describe('npm run bench -- --quick', () => {
  test('says what is met, and what has changed; it writes nothing', async () => {
    const against = await folderOf(2);
    const before = await readdir(against);
    const { code, printed, runs } = await bench(['--quick', '--against', against, 'dpop'], [1]);
    expect(code).toBe(0);
    expect(runs.map(({ plan }) => plan)).toEqual([benches.dpop?.plans.quick]);
    expect(printed).toMatch(/\| less \| at most 1.5 x \| 2.00 .* \| 1.00 .* \| met \| better \|/);
    expect(printed).toContain('Targets: 1 met, 0 missed, 0 too noisy to tell.');
    expect(await readdir(against)).toEqual(before);
  });

  test('compares with no report of another machine, and no report at all', async () => {
    const old = await folderOf(2, 'v2.0.0');
    const { code, printed, told } = await bench(['--quick', '--against', old, 'dpop'], [1]);
    expect(code).toBe(0);
    expect(told.join('\n')).toMatch(
      /^dpop is not compared: the report in .* is of Node v2\.0\.0, /,
    );
    expect(printed).toContain('| met | not compared |');
    const none = await bench(['--quick', '--against', await emptyFolder(), 'dpop'], [1]);
    expect(none.told.join('\n')).toMatch(/^dpop is not compared: there is no report of it in /);
    expect(none.code).toBe(0);
  });

  test('writes where it is told to', async () => {
    const out = await emptyFolder();
    await bench(['--quick', '--out', out, '--against', await folderOf(1), 'dpop'], [1]);
    expect([...(await readReports(out)).keys()]).toEqual(['dpop']);
  });
});

describe('npm run bench -- --check', () => {
  const check = async (against: string, ratios: readonly number[], names = ['dpop']) =>
    await bench(['--check', '--quick', '--against', against, ...names], ratios);

  test.for([1, 0.5, 1.01])('is content with a figure that was 1 and is %f', async (now) => {
    const { code, runs } = await check(await folderOf(1), [now]);
    expect([code, runs.length]).toEqual([0, 1]);
  });

  test('exits with 1 where a figure is worse twice in a row', async () => {
    const { code, printed, told } = await check(await folderOf(1), [2, 2]);
    expect(code).toBe(1);
    expect(told).toEqual(['dpop: once more, worse are less']);
    expect(printed).toMatch(/## dpop, worse twice in a row\n\n.*\n.*\n\| less \| 1.00 /);
  });

  test('is content where a figure was worse by chance, once', async () => {
    const { code, runs } = await check(await folderOf(1), [2, 1]);
    expect([code, runs.length]).toEqual([0, 2]);
  });

  test('exits with 3, and measures nothing, where it can compare nothing', async () => {
    const { code, runs, told } = await check(await folderOf(1, 'v2.0.0'), []);
    expect([code, runs]).toEqual([3, []]);
    expect(told.join('\n')).toMatch(/^dpop is not compared: /);
  });

  test('exits with 3 where it cannot compare a bench, unless another is worse', async () => {
    const against = await folderOf(1);
    expect((await check(against, [1, 1], ['dpop', 'cold'])).code).toBe(3);
    expect((await check(against, [1, 2, 2], ['dpop', 'cold'])).code).toBe(1);
  });
});

describe('npm run bench -- compare', () => {
  test('prints what was, and what is', async () => {
    const [then, now] = [await folderOf(2), await folderOf(1)];
    const { code, printed } = await bench(['compare', then, now]);
    expect(code).toBe(0);
    expect(printed).toMatch(/\| less \| at most 1.5 x \| 2.00 .* \| 1.00 .* \| met \| better \|/);
  });

  test('says what is gone', async () => {
    const [then, now] = [await folderOf(1), await emptyFolder()];
    const { tables, ...others } = report(1);
    const renamed = tables.map((table) => ({ ...table, title: 'Another' }));
    await writeReport('dpop', { ...others, tables: renamed, targets: [] }, now);
    const { told, printed } = await bench(['compare', then, now]);
    expect(told).toEqual(['dpop no longer has less']);
    expect(printed).toContain(
      `Since ${then}: 0 worse, 0 better, 0 the same, 0 too noisy to tell, 1 not`,
    );
  });

  test('says what it cannot compare', async () => {
    const { told } = await bench(['compare', await folderOf(2, 'v2.0.0'), await folderOf(1)]);
    expect(told.join('\n')).toMatch(
      /^dpop is not compared: the report in .* is of Node v2\.0\.0, /,
    );
  });
});

describe('the command refuses with 2 and a sentence', () => {
  const usual = Object.keys(benches).join(', ');

  test.for([
    [['nobench'], `there is no bench nobench; there are ${usual}`],
    [['constructor'], `there is no bench constructor; there are ${usual}`],
    [['--fast'], "Unknown option '--fast'; --help tells what there is"],
    [['--runs', '0'], '--runs takes a number from 1 to 99'],
    [['--runs', '1.5'], '--runs takes a number from 1 to 99'],
    [['--runs', '100'], '--runs takes a number from 1 to 99'],
    [['--runs', '-1'], "Option '--runs' argument is ambiguous; --help tells what there is"],
    [
      ['--quick', '--out', resolve('docs/bench')],
      'docs/bench is for what was not measured quickly: give another --out',
    ],
    [['--check', '--against', '/no/folder'], 'there is no folder /no/folder'],
    [['plot', '--quick'], 'plot takes --out, and nothing else'],
    [['plot', 'dpop'], 'plot takes --out, and nothing else'],
    [['plot', '--out', '/no/folder'], 'there is no folder /no/folder'],
    [['compare'], 'compare takes one folder or two, and nothing else'],
    [['compare', 'a', 'b', 'c'], 'compare takes one folder or two, and nothing else'],
    [['compare', 'a', '--runs', '2'], 'compare takes one folder or two, and nothing else'],
    [['compare', '/no/folder'], 'there is no folder /no/folder'],
  ] as const)('%j: %s', async ([args, message]) => {
    const { code, told, printed, runs } = await bench(args);
    expect([code, told, printed, runs]).toEqual([2, [message], '', []]);
  });

  test('a folder without reports, and one with a broken report', async () => {
    const folder = await emptyFolder();
    const empty = await bench(['--check', '--against', folder, 'dpop']);
    expect([empty.code, empty.told]).toEqual([2, [`there are no reports in ${folder}`]]);
    await writeFile(join(folder, 'dpop.json'), '{');
    const broken = await bench(['--check', '--against', folder, 'dpop']);
    expect([broken.code, broken.told.join('\n')]).toEqual([
      2,
      expect.stringContaining(`the reports in ${folder} cannot be read: dpop.json`),
    ]);
  });

  test('a file in place of the folder for reports, before it measures', async () => {
    const file = join(await emptyFolder(), 'file');
    await writeFile(file, '');
    const { code, told, runs } = await bench(['dpop', '--out', file], [1]);
    expect([code, runs, told.join('\n')]).toEqual([2, [], expect.stringContaining(file)]);
  });
});

test('npm run bench -- --help has every bench', async () => {
  const { code, printed } = await bench(['--help']);
  expect(code).toBe(0);
  for (const [name, { measures }] of Object.entries(benches)) {
    expect(printed).toContain(name);
    expect(printed).toContain(measures);
  }
});

test('npm run bench -- plot draws the reports of a folder anew', async () => {
  const folder = await folderOf(1);
  const kept = await readdir(folder);
  await rm(join(folder, 'dpop.svg'));
  expect((await bench(['plot', '--out', folder])).code).toBe(0);
  expect((await readdir(folder)).sort()).toEqual([...kept, 'README.md'].sort());
});
