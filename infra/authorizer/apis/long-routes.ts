/**
 * The tables of routes that are too long for a variable, by the name of the file that has them. A template
 * has the name alone. Another copy of this package in the same process knows them as well.
 */
const tables = (): Map<string, string> => {
  const shared: { [known]?: Map<string, string> } = Object(globalThis);
  shared[known] ??= new Map();
  return shared[known];
};

const known = Symbol.for('countersign.routes');

/** Remembers a table. Its name is made of its content. */
export function rememberRoutes(name: string, json: string): void {
  tables().set(name, json);
}

/** What a variable ROUTES says: itself, or what the file of that name has. */
export const writtenRoutes = (variable: string): string => tables().get(variable) ?? variable;
