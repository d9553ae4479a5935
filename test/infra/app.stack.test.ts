import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { scratchDirectory, synthesize } from './synthesis.ts';

const entry = resolve(import.meta.dirname, '../../infra/app/app.ts');

/** Runs the app as `cdk` does. */
const run = (
  context: Readonly<Record<string, unknown>>,
  outdir = scratchDirectory(),
  cwd = process.cwd(),
) =>
  promisify(execFile)(process.execPath, [entry], {
    cwd,
    env: {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
    },
  });

describe('infra/app/app.ts', () => {
  test('writes the cloud assembly and says nothing', async () => {
    const outdir = scratchDirectory();
    expect(await run({ issuer: 'https://auth.example.com' }, outdir)).toEqual({
      stdout: '',
      stderr: '',
    });
    const template = JSON.parse(readFileSync(resolve(outdir, 'Countersign.template.json'), 'utf8'));
    expect(template.Outputs.Issuer.Value).toBe('https://auth.example.com');
  });

  test('a wrong setting is one sentence and exit code 1, without a stack trace', async () => {
    await expect(run({ accessTokenLifetime: '59' })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'accessTokenLifetime is "59", but it must be whole seconds from 60 to 86400.\n',
    });
  });

  test('takes the settings of the file beside it, but for those that -c says for one run', async () => {
    const [outdir, folder] = [scratchDirectory(), scratchDirectory()];
    const settings = {
      issuer: 'https://auth.example.com',
      tokenReuse: 60,
      region: 'eu-central-1',
      demoApiUrl: 'https://api.example.com',
    };
    writeFileSync(resolve(folder, 'countersign.json'), JSON.stringify(settings));
    await run({ tokenReuse: '300' }, outdir, folder);
    const text = readFileSync(resolve(outdir, 'Countersign.template.json'), 'utf8');
    expect(JSON.parse(text).Outputs.Issuer.Value).toBe('https://auth.example.com');
    expect(text).toContain('"TOKEN_REUSE": "300"');
    const { artifacts } = JSON.parse(readFileSync(resolve(outdir, 'manifest.json'), 'utf8'));
    expect(artifacts.Countersign.environment).toBe('aws://unknown-account/eu-central-1');
    const demo = resolve(outdir, 'assembly-Demo');
    const [file = ''] = readdirSync(demo).filter((name) => name.endsWith('.template.json'));
    expect(readFileSync(resolve(demo, file), 'utf8')).toContain('"https://api.example.com"');
  });

  test('a wrong setting in the file is one sentence, too, with its place', async () => {
    const folder = scratchDirectory();
    writeFileSync(resolve(folder, 'countersign.json'), '{\n  "tokenReuse": "60"\n}');
    await expect(run({}, scratchDirectory(), folder)).rejects.toMatchObject({
      code: 1,
      stderr:
        'countersign.json:2:17: tokenReuse is "60", but it must be whole seconds from 0 to 43200.\n',
    });
  });

  test('a plain `cdk deploy` takes the one stack that is not in a stage', async () => {
    const outdir = scratchDirectory();
    await run({}, outdir);
    const { artifacts } = JSON.parse(readFileSync(resolve(outdir, 'manifest.json'), 'utf8'));
    const stacks = Object.keys(artifacts).filter(
      (id) => artifacts[id].type === 'aws:cloudformation:stack',
    );
    expect(stacks).toEqual(['Countersign']);
  });
});

describe('the templates', () => {
  test('bind to no account and no Region, and hold nothing secret', () => {
    const { countersign, demoApi } = synthesize();
    const text = JSON.stringify([countersign.toJSON(), demoApi.toJSON()]);
    expect(text).not.toMatch(/\b\d{12}\b|us-east-1|countersign_[\w-]{43}|PRIVATE KEY/);
  });
});
