import { env } from '../../aws/env.ts';
import { wiring } from '../bound-token-wiring.ts';
import { type GuardEnvironment, guardVariable } from './environment.ts';
import { type ApiHandler, createGuard } from './guard.ts';

/**
 * Guards the function of an HTTP API with the environment that AccessTokenGuard gives it:
 * `export const handler = guard(async (event) => ...)`.
 */
export const guard = <Event, Response extends object>(handler: ApiHandler<Event, Response>) =>
  createGuard(
    wiring('guard', (name) => env<GuardEnvironment>(guardVariable(name))),
    handler,
  );
