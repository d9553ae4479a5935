import { describe, expect, test } from 'vitest';
import { nodeClients, nodeVerifiers } from './recipes/node.ts';
import { interop } from './running/interop-run.ts';

/** The recipes for Node, as the pages print them; `npm run interop` runs those of other languages too. */

const { verified, got } = await interop({
  verifiers: nodeVerifiers,
  clients: nodeClients,
  algorithms: ['RS256'],
  progress: () => undefined,
});

describe('recipes that pages print', () => {
  test.for(verified)(
    '$recipe.title takes the right token, and no wrong one',
    ({ knows, takes }) => {
      expect({ knows, takes }).toEqual({ knows: true, takes: [] });
    },
  );

  test.for(got)('$recipe.title gets its token by $method, and no other', ({ problem }) => {
    expect(problem).toBeUndefined();
  });
});
