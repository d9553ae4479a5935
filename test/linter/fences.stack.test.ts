import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
const folder = mkdtempSync(join(tmpdir(), 'countersign-fences-'));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));

let files = 0;

/** What the linter says of a file in this folder with these imports. */
function lint(place: string, ...imported: readonly string[]): Promise<string> {
  files += 1;
  const file = join(folder, place, `file-${files}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  const imports = imported.map((path, index) => `import { it as it${index} } from '${path}';\n`);
  const names = imported.map((_, index) => `it${index}`);
  writeFileSync(file, `${imports.join('')}\nexport const all = [${names.join(', ')}];\n`);
  const args = [biome, 'lint', '--vcs-enabled=false', file];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) =>
      done(stdout + stderr),
    );
  });
}

// In Biome a narrow override takes the place of a wide one: each folder is tried with what both forbid.
describe.concurrent('no folder imports what it must not know', () => {
  test.for([
    ['functions/oauth', '../aws/env.ts'],
    ['functions/oauth', '@aws-sdk/client-kms'],
    ['functions/aws', '../token/handler.ts'],
    ['functions/aws', '../../registry/clients.ts'],
    ['functions/aws', 'aws-cdk-lib'],
    ['functions/http', '../../infra/index.ts'],
    ['functions/remote', '../../registry/trust/presets.ts'],
    ['functions/token', '../../registry/trust/presets.ts'],
    ['functions/history', '../../registry/clients.ts'],
    ['functions/history', '../imported-secrets/verification.ts'],
    ['functions/authentication', '../token/handler.ts'],
    ['functions/authentication', '../../infra/index.ts'],
    ['functions/authentication/methods', '../client-endpoint.ts'],
    ['functions/authentication/methods', '../../../infra/index.ts'],
    ['registry', '@aws-sdk/client-dynamodb'],
    ['registry', '../cli/io/cli-error.ts'],
    ['registry/trust', '../clients.ts'],
    ['infra/settings', '@aws-sdk/client-kms'],
    ['infra/settings', '../server/tables.ts'],
    ['infra/key-rotation', '../server/tables.ts'],
    ['infra/server', '../../registry/trust/presets.ts'],
    ['infra/authorizer', '../app/countersign-app.ts'],
    ['infra/authorizer/checks', '../access-token-guard.ts'],
    ['infra/authorizer/apis', '../checks/route-overlap.ts'],
    ['infra/authorizer/template', '../../server/tables.ts'],
    ['cli/io', '../client/commands.ts'],
    ['cli/command', '../key/commands.ts'],
    ['cli/client', '../../infra/index.ts'],
    ['cli/template', '../../infra/server/tables.ts'],
    ['cli/template', '../../registry/clients.ts'],
    ['infra/server', '../template/templates.ts'],
    ['local/demo', '../../cli/program.ts'],
    ['build', '../infra/index.ts'],
    ['infra/server', '../../build/dist.ts'],
    ['cli/client', '../../build/dist.ts'],
    ['release', '../cli/program.ts'],
    ['functions/authorizer', '../../testing/index.ts'],
    ['functions/aws', '../../testing/index.ts'],
    ['functions/http', '../../testing/index.ts'],
    ['functions/remote', '../../testing/index.ts'],
    ['functions/token', '../../testing/index.ts'],
    ['functions/authentication', '../../testing/index.ts'],
    ['functions/authentication/methods', '../../../testing/index.ts'],
    ['infra/server', '../../testing/index.ts'],
    ['testing', '@aws-sdk/client-dynamodb'],
    ['testing', '../infra/index.ts'],
    ['testing/loopback', '../../local/io/http-server.ts'],
  ] as const)('%s does not import %s', async ([place, imported]) => {
    expect(await lint(place, imported)).toContain('noRestrictedImports');
  });

  // Whoever adds a folder is told by these where its name is missing.
  test.for([
    ['functions', 'functions/aws', ['oauth']],
    ['functions', 'functions/remote', ['oauth']],
    ['functions', 'functions/http', ['oauth']],
    ['functions', 'functions/authentication', ['oauth', 'remote', 'http', 'aws']],
    ['functions', 'functions/authentication/methods', ['oauth', 'remote']],
    ['functions', 'functions/imported-secrets', ['oauth', 'aws', 'http', 'remote']],
    ['functions', 'functions/administration', ['oauth', 'aws', 'http', 'remote', 'cloudformation']],
    ['cli', 'cli/io', []],
    ['cli', 'cli/command', ['io']],
  ] as const)('of %s, %s imports none but %j', async ([parent, place, may]) => {
    const folders = readdirSync(join(root, parent), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const others = folders
      .map(({ name }) => name)
      .filter((name) => join(parent, name) !== place && !may.some((allowed) => allowed === name));
    const up = relative(place, parent);
    const said = await lint(place, ...others.map((name) => `${up}/${name}/index.ts`));
    const refused = said.matchAll(/:(\d+):\d+ lint\/style\/noRestrictedImports/g);
    const fenced = [...refused].map(([, line]) => others[Number(line) - 1]);
    expect(fenced.toSorted()).toEqual(others.toSorted());
  });

  test.for([
    ['functions/token', '../oauth/client.ts'],
    ['registry', '../functions/oauth/client.ts'],
    ['infra/server', '../settings/setting-checks.ts'],
    ['infra/authorizer/checks', '../apis/apis.ts'],
    ['cli/client', '../../registry/clients.ts'],
    ['cli/template', '../../infra/template/templates.ts'],
  ] as const)('%s may import %s', async ([place, imported]) => {
    const said = await lint(place, imported);
    expect(said).toContain('Checked 1 file');
    expect(said).not.toContain('noRestrictedImports');
  });
});
