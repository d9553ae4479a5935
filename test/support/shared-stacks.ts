import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { guardHelper, namesPath } from '../../local/io/guard.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { startTestStack, type TestStack } from './local-stack.ts';

// Set-up of the `stack` project: test files ask this process for the stacks that they share. One starts
// when the first file asks for it, and all of them stop with the run.

declare module 'vitest' {
  interface ProvidedContext {
    /** Where stacks are asked for. */
    readonly sharedStacks: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stacks = new Map<string, Promise<TestStack>>();
  const stackFor = (settings: string): Promise<TestStack> => {
    const stack = stacks.get(settings) ?? startTestStack({ settings: JSON.parse(settings) });
    stacks.set(settings, stack);
    return stack;
  };
  const server = createServer(async (request, response) => {
    try {
      const { environment: _, ...stack } = await stackFor(await text(request));
      response.end(JSON.stringify(stack));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  // It tells the secrets of stacks.
  const path = `/${randomUUID()}`;
  guardHelper(server, namesPath(path));
  project.provide('sharedStacks', `http://127.0.0.1:${await listen(server)}${path}`);
  return async () => {
    await close(server);
    const started = await Promise.allSettled(stacks.values());
    await Promise.all(
      started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)),
    );
  };
}
