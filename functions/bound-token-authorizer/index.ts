import { createHandler } from '../authorizer/handler.ts';
import { env } from '../aws/env.ts';
import type { BoundTokenEnvironment } from './environment.ts';
import { wiring } from './wiring.ts';

export const handler = createHandler(wiring('authorizer', env<BoundTokenEnvironment>));
