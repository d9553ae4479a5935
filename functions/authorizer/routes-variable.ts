import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseRoutes, type Routes } from './routes.ts';

/**
 * Reads the variable ROUTES: the routes as JSON, or the name of a file that has them, for a table that is
 * too long for a variable.
 * @param folder where the file is, unless its name is a whole path
 * @throws Error at the cold start when there is no such file, or no table in it
 */
export const routesFrom = (variable: string, folder: string): Routes =>
  parseRoutes(isFileName(variable) ? readFileSync(resolve(folder, variable), 'utf8') : variable);

const isFileName = (variable: string): boolean => /^[\w./-]+\.json$/.test(variable);
