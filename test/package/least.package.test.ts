import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { compile, makeApp, nodes, synthesize, type Way } from './support/owner-app.ts';

const least = inject('least');
const packages = join(least, 'node_modules');
const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
const way: Way = { type: 'commonjs', start: ['out/app.js'] };

/** How many resources of each type there are. */
function typesIn(template: { readonly Resources: Record<string, { readonly Type: string }> }) {
  const resources = Object.values(template.Resources).filter(
    ({ Type }) => Type !== 'AWS::CDK::Metadata',
  );
  return Object.groupBy(resources, ({ Type }) => Type);
}

describe('the least versions', () => {
  test('are those that the package states', () => {
    expect(manifestOf('countersign').peerDependencies).toEqual({
      'aws-cdk-lib': `^${manifestOf('aws-cdk-lib').version}`,
      constructs: `^${manifestOf('constructs').version}`,
    });
    expect(manifestOf('countersign').engines).toEqual({ node: '>=22.12' });
  });

  test('are enough, without an SDK, esbuild and network, and say nothing of it', async () => {
    const names = readdirSync(packages).filter((name) => !name.startsWith('.'));
    expect(names.sort()).toEqual(['@aws-cdk', 'aws-cdk-lib', 'constructs', 'countersign']);
    const folder = makeApp(least, 'app', way);
    await compile(folder, 'typescript');
    const isolated = join(folder, 'isolated.cjs');
    writeFileSync(isolated, noNetwork);
    for (const node of Object.values(nodes)) {
      const start = ['--require', isolated, ...way.start];
      const { templates } = await synthesize(node, folder, start);
      const today = await synthesize(node, folder, way.start);
      expect(templates).toEqual(today.templates);
      const [plain] = Object.values(templates).map(typesIn);
      expect(Object.keys(plain ?? {})).toContain('AWS::Lambda::Function');
    }
  });
});

const noNetwork = `
  const refuse = (what) => () => { throw new Error(what + ' is used'); };
  require('node:net').Socket.prototype.connect = refuse('the network');
  require('node:dns').lookup = refuse('DNS');
  require('node:child_process').spawn = refuse('another process');
  require('node:child_process').spawnSync = refuse('another process');
`;
