/**
 * Reads one variable of a function's environment; the only place that does.
 * @throws Error when it is missing or empty, so that the cold start fails and not a request.
 */
export function env<Environment>(name: keyof Environment & string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}

/** Reads a variable that AWS defines, which may be missing or empty. */
export const optionalEnv = (name: `AWS_${string}`): string | undefined =>
  process.env[name] || undefined;
