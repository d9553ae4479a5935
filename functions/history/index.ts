import { changeLine } from './change-line.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler((change) => {
  process.stdout.write(`${changeLine(change, new Date().toISOString())}\n`);
});
