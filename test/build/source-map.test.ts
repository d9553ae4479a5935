import { expect, test } from 'vitest';
import { withOwnSources } from '../../build/source-map.ts';

test('a source map has the sources of ours, and of other packages their names', () => {
  const map = {
    version: 3,
    sources: ['../infra/index.ts', '../node_modules/jose/index.js'],
    sourcesContent: ['ours', 'theirs'],
    mappings: 'AAAA',
    names: [],
  };
  const made = withOwnSources(Buffer.from(JSON.stringify(map)));
  expect(JSON.parse(Buffer.from(made).toString())).toEqual({
    ...map,
    sourcesContent: ['ours', null],
  });
});
