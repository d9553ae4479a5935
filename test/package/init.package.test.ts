import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { assemblyIn, nodes } from './support/owner-app.ts';
import { failureOf, run } from './support/run.ts';

// What countersign init makes, by the package as it was installed from its tarball.

const owner = inject('owner');
const root = resolve(import.meta.dirname, '../..');
const app = join(owner, '../made by init');
const [newest = ''] = Object.values(nodes);

/** A program, with another Node for all that is started by name. */
const startedBy = (node: string, ...program: readonly string[]) =>
  ['sh', ['-c', 'PATH="$0:$PATH"; exec "$@"', dirname(node), ...program]] as const;

const synth = (node: string, outdir: string) => {
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  return startedBy(node, node, cdk, 'synth', '--quiet', '--no-notices', '--output', outdir);
};

/** The stack that both apps have. */
async function templateOf(node: string, cwd: string): Promise<unknown> {
  const outdir = mkdtempSync(join(owner, '../cdk.out-'));
  await run(...synth(node, outdir), { cwd });
  return assemblyIn(outdir).templates['Countersign.template.json'];
}

let here: unknown;

beforeAll(async () => {
  const command = join(owner, 'node_modules/countersign/cli/countersign.mjs');
  await run(newest, [command, 'init', app], { cwd: owner });
  await run(...startedBy(newest, 'npm', 'install', '--prefer-offline', '--no-audit'), { cwd: app });
  here = await templateOf(newest, root);
});

describe('what countersign init makes', () => {
  test('depends on the tarball that the package came from', () => {
    const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
    expect(resolve(app, dependencies.countersign.replace('file:', ''))).toBe(inject('tarball'));
    const { $schema } = JSON.parse(readFileSync(join(app, 'countersign.json'), 'utf8'));
    const schema = JSON.parse(readFileSync(join(app, $schema), 'utf8'));
    expect(schema).toMatchObject({ title: 'Settings of Countersign' });
  });

  test.for(Object.entries(nodes))('Node %s: the same stack as here', async ([, node]) => {
    expect(await templateOf(node, app)).toEqual(here);
  });

  test('a wrong setting is told with its place', async () => {
    const file = join(app, 'countersign.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, '{\n  "isuer": "https://auth.example.com"\n}\n');
    expect(await failureOf(...synth(newest, join(app, 'cdk.out')), { cwd: app })).toContain(
      'ConfigurationError: countersign.json:2:3: isuer is no setting of Countersign, did you mean issuer;',
    );
    writeFileSync(file, before);
  });
});
