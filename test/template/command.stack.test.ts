import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../cli/template/assets.ts';
import { functionFolder } from '../../infra/package-files.ts';
import { inProcess } from '../cli/command.ts';
import { scratchDirectory } from '../infra/synthesis.ts';

const run = (...parameters: readonly string[]) => inProcess(['template', ...parameters]);
const read = (...path: readonly string[]) => readFileSync(join(...path));

describe('countersign template', () => {
  test('writes the templates, the zips that they name, and the digests of all', async () => {
    const folder = join(scratchDirectory(), 'out');
    const { exitCode, stdout, stderr } = await run('--out', folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`aws s3 sync ${folder}/assets s3://BUCKET/countersign/`);
    expect(stdout).toContain('--parameter-overrides AssetsBucket=BUCKET');
    const sums = `${read(folder, 'SHA256SUMS')}`
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    for (const [sum, path = ''] of sums) expect(sha256(read(folder, path))).toBe(sum);
    const zips = readdirSync(join(folder, 'assets'));
    expect(sums.map(([, path]) => path)).toEqual([
      'Countersign.template.json',
      'CountersignAuthorizer.template.json',
      'CountersignBoundTokenAuthorizer.template.json',
      ...zips.sort().map((name) => `assets/${name}`),
    ]);
    const templates = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const written = templates.map((name) => `${read(folder, name)}`).join('');
    for (const zip of zips) expect(written).toContain(`"${zip}"`);
    const [token = ''] = zips.filter((name) => name.startsWith('TokenFunction-'));
    const bundle = Buffer.from(unzipSync(read(folder, 'assets', token))['index.mjs'] ?? []);
    expect(bundle.equals(read(functionFolder('token/index'), 'index.mjs'))).toBe(true);
  });

  test('writes the same again, and other settings beside it', async () => {
    const folder = join(scratchDirectory(), 'out');
    const settings = join(scratchDirectory(), 'countersign.json');
    writeFileSync(settings, '{ "issuer": "https://auth.example.com", "profile": "fapi2" }');
    const before = JSON.parse((await run('--out', folder, '--json')).stdout);
    expect(JSON.parse((await run('--out', folder, '--json')).stdout)).toEqual(before);
    const { exitCode } = await run('--out', folder, '--settings', settings);
    expect(exitCode).toBe(0);
    const template = JSON.parse(`${read(folder, 'Countersign.template.json')}`);
    expect(template.Parameters.Issuer.Default).toBe('https://auth.example.com');
    expect(JSON.stringify(template.Resources)).toContain('"PROFILE":"fapi2"');
  });
});

describe('countersign template refuses', () => {
  const refusal = async (...parameters: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(...parameters);
    expect(stdout).toBe('');
    return [exitCode, stderr];
  };

  test('a folder with other files, and leaves it as it is', async () => {
    const folder = scratchDirectory();
    writeFileSync(join(folder, 'mine.txt'), '');
    expect(await refusal('--out', folder)).toEqual([
      1,
      `error: ${folder} has other files in it: name a new folder, or one that countersign template has written\n`,
    ]);
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  test('a place where no folder can be', async () => {
    const folder = scratchDirectory();
    writeFileSync(join(folder, 'file'), '');
    const reasons = [
      ['file', 'there is a file where a folder should be'],
      ['file/out', 'there is a file where a folder should be'],
      ['no/out', 'there is no folder that it could be in'],
    ] as const;
    for (const [name, reason] of reasons) {
      const out = join(folder, name);
      expect(await refusal('--out', out)).toEqual([
        1,
        `error: cannot write to ${out}: ${reason}\n`,
      ]);
    }
  });

  test('a wrong setting, and writes nothing', async () => {
    const folder = scratchDirectory();
    const [settings, out] = [join(folder, 'countersign.json'), join(folder, 'out')];
    writeFileSync(settings, '{ "throttle": 0 }');
    expect(await refusal('--out', out, '--settings', settings)).toEqual([
      2,
      `error: ${settings}:1:15: throttle is 0, but it must be whole requests a second from 1 to 100000\n`,
    ]);
    expect(readdirSync(folder)).toEqual(['countersign.json']);
  });

  test('to go on without --out, or without settings that it is to read', async () => {
    expect(await refusal()).toEqual([2, "error: required option '--out <folder>' not specified\n"]);
    const folder = scratchDirectory();
    mkdirSync(join(folder, 'x'));
    const [exitCode, sentence] = await refusal(
      '--out',
      join(folder, 'y'),
      '--settings',
      join(folder, 'x'),
    );
    expect([exitCode, sentence]).toEqual([2, expect.stringContaining('it is a folder')]);
  });
});
