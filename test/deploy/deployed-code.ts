import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { demo, product, resources } from './deployed-stack.ts';
import { emulator } from './emulator.ts';
import { bundles } from './templates.ts';
import { python } from './tools.ts';

/** What the functions run is what was bundled. */
export function deployedCode(): void {
  test('each function has the bundle and nothing else', async () => {
    const built = await bundles();
    const deployed = [...(await resources(product)), ...(await resources(demo))].filter(
      ({ ResourceType }) => ResourceType === 'AWS::Lambda::Function',
    );
    expect(deployed).toHaveLength(13);
    for (const { LogicalResourceId = '', PhysicalResourceId = '' } of deployed) {
      const code = await unpacked(PhysicalResourceId);
      expect(await readdir(code)).toEqual(['index.mjs']);
      const bundle = join(built.get(LogicalResourceId) ?? '', 'index.mjs');
      const [runs, made] = [await readFile(join(code, 'index.mjs')), await readFile(bundle)];
      expect(runs.equals(made), LogicalResourceId).toBe(true);
    }
  });
}

/** A folder with the code of a function, as the emulator gives it. */
async function unpacked(name: string): Promise<string> {
  const { Code } = JSON.parse(await emulator('lambda', `/2015-03-31/functions/${name}`));
  const response = await fetch(Code.Location);
  const folder = await mkdtemp(join(tmpdir(), 'code-'));
  const archive = `${folder}.zip`;
  await writeFile(archive, await response.bytes());
  await promisify(execFile)(python, ['-m', 'zipfile', '--extract', archive, folder]);
  return folder;
}
