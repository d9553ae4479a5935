import { guard } from '../authorizer/guard/index.ts';
import { handleDemoApi } from './handler.ts';

export const handler = guard(handleDemoApi);
