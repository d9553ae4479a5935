import { env } from '../aws/env.ts';
import type { ProtectedResourceEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(JSON.parse(env<ProtectedResourceEnvironment>('METADATA')));
