import { inject } from 'vitest';
import type { LocalStackOptions } from '../../local/local-stack.ts';
import { type RunningStack, type TestStack, withEnvironment } from './local-stack.ts';

/**
 * The local stack with these settings that test files share. Each registers clients of names that no
 * other file has, and neither stops anything, nor changes signing keys or the truststore, nor counts what
 * there is.
 */
export async function sharedStack(
  settings: NonNullable<LocalStackOptions['settings']> = {},
): Promise<Omit<TestStack, 'stop'>> {
  const body = JSON.stringify(settings);
  const response = await fetch(inject('sharedStacks'), { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  const stack = (await response.json()) as RunningStack;
  return withEnvironment(stack);
}
