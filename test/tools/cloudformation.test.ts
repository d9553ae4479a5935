import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cfnLint } from '../deploy/tools.ts';
import { attach } from './snippets/folder.ts';
import { run } from './snippets/running.ts';

test.for(globSync('*.yaml', { cwd: join(attach, 'cloudformation') }))(
  'cfn-lint finds nothing in %s',
  async (snippet) => {
    expect(await run(cfnLint, ['--', join(attach, 'cloudformation', snippet)])).toBe('');
  },
);
