import { handleDemoApi } from '../demo-api/handler.ts';
import { guard } from '../guard/index.ts';

export const handler = guard(handleDemoApi);
