import { join } from 'node:path';

/** The folder of the snippets. */
export const attach = join(import.meta.dirname, '../../../attach');
