import { expect, test } from 'vitest';
import { basic } from '../support/http-api-event.ts';
import { clientId } from './scale/registries.ts';
import { startStackChild } from './scale/stack-child.ts';

test('the clients that the bench registers get tokens, others do not', async () => {
  const registry = { table: 'registry-3', clients: 3 };
  const stack = await startStackChild({ three: { registry } });
  try {
    const answers = [0, 1, 2, 3].map(async (index) => {
      const { status } = await fetch(stack.urls.three ?? '', {
        method: 'POST',
        headers: { authorization: basic(clientId(index), stack.client_secret) },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      return status;
    });
    expect(await Promise.all(answers)).toEqual([200, 200, 200, 401]);
    const { instances } = await stack.figures('three');
    expect(instances.flatMap(({ took }) => took)).toHaveLength(4);
  } finally {
    await stack[Symbol.asyncDispose]();
  }
});
