import { createHandler } from '../authorizer/handler.ts';
import { wiring } from './wiring.ts';

export const handler = createHandler(wiring('authorizer'));
