import { handleDemoApi } from './handler.ts';

export const handler = handleDemoApi;
