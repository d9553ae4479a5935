import { env } from '../aws/env.ts';
import type { BoundTokenEnvironment } from './bound-token-environment.ts';
import { wiring } from './bound-token-wiring.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(wiring('authorizer', env<BoundTokenEnvironment>));
