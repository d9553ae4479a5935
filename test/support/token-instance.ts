import { afterAll, vi } from 'vitest';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import { tokenEnvironment } from './a-token-function.ts';
import { lambdaEnvironment } from './lambda-instance.ts';

let instances = 0;

/**
 * Starts an instance of the token function in this process, as it is wired: its cold start is over with the
 * promise. The environment stays as it is until the test file ends.
 */
export async function startTokenInstance(
  endpoint: string,
  environment: Partial<TokenEnvironment> & Readonly<Record<`AWS_${string}`, string>> = {},
): Promise<HttpFunction> {
  const whole = { ...lambdaEnvironment(endpoint), ...tokenEnvironment, ...environment };
  for (const [name, value] of Object.entries(whole)) vi.stubEnv(name, value);
  instances += 1;
  // A module of another name is evaluated once more, whose caches are empty.
  const module = `../../functions/token/index.ts?instance=${instances}`;
  return (await import(/* @vite-ignore */ module)).handler;
}

afterAll(() => vi.unstubAllEnvs());
