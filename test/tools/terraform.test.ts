import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { terraform } from './installation/terraform.ts';
import { attach } from './snippets/folder.ts';
import { isLeftOut } from './snippets/running.ts';
import { runTerraform } from './snippets/terraform.ts';
import { copyOfModules } from './snippets/terraform-copy.ts';

describe.skipIf(isLeftOut(terraform))('Terraform', () => {
  let copy: string;
  beforeAll(async () => {
    copy = await copyOfModules(tmpdir());
  });

  test('terraform fmt would change nothing', async () => {
    const parameters = ['fmt', '-check', '-recursive', '-diff'];
    expect(await runTerraform(parameters, join(attach, 'terraform'))).toBe('');
  });

  test.for(['http-api', 'rest-api', 'http-api-jwt'])(
    'terraform validate finds nothing in the example %s',
    async (example) => {
      const folder = join(copy, 'examples', example);
      await runTerraform(['init', '-input=false', '-no-color'], folder);
      const said: string = await runTerraform(['validate', '-json'], folder);
      expect(JSON.parse(said)).toMatchObject({ valid: true, diagnostics: [] });
    },
  );

  test.for(['http-api', 'rest-api'])('terraform test passes in the module %s', async (module) => {
    const folder = join(copy, module);
    await runTerraform(['init', '-input=false', '-no-color'], folder);
    const said = await runTerraform(['test', '-no-color'], folder);
    expect(said).toMatch(/Success! \d\d passed, 0 failed\./);
  });
});
