import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { nodes } from './support/owner-app.ts';
import { run } from './support/run.ts';

/** Writes the templates by the package that is installed in a folder, and gives their digests. */
async function digests(node: string, folder: string, out: string): Promise<string> {
  const command = 'node_modules/countersign/cli/countersign.mjs';
  await run(node, [command, 'template', '--out', out], { cwd: folder });
  return readFileSync(join(folder, out, 'SHA256SUMS'), 'utf8');
}

describe('countersign template of the package', () => {
  test('writes the same bytes by every Node', async () => {
    const all = Object.entries(nodes);
    const written = await Promise.all(
      all.map(([name, node]) => digests(node, inject('owner'), `templates-${name}`)),
    );
    expect(new Set(written).size).toBe(1);
    expect(written[0]).toMatch(/^[0-9a-f]{64} {2}Countersign\.template\.json\n/);
  });

  test('works with the least aws-cdk-lib, too', async () => {
    expect(await digests(process.execPath, inject('least'), 'templates')).toContain(
      'CountersignAuthorizer.template.json',
    );
  });
});
