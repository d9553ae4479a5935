import { env } from '../aws/env.ts';
import type { BoundTokenEnvironment } from './bound-token-environment.ts';
import { boundTokenAuthorizer } from './bound-token-wiring.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(
  boundTokenAuthorizer('authorizer', env<BoundTokenEnvironment>, import.meta.dirname),
);
