import type { IConstruct } from 'constructs';

/**
 * A wrong setting. The message is one sentence that says what is wrong and what is allowed. It is for TypeScript
 * and JavaScript alone: in other languages errors have no classes of ours.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, ConfigurationError } from 'countersign';
 *
 * try {
 *   const stack = new Stack(new App(), 'Identity');
 *   new AuthorizationServer(stack, 'AuthorizationServer', { issuer: 'http://auth.example.com' });
 * } catch (error) {
 *   if (!(error instanceof ConfigurationError)) throw error;
 *   console.error(error.message);
 * }
 *
 * @internal
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Makes the error for a value that breaks a rule: `must be ...`. A construct is named by its path. */
export function wrongValue(name: string, value: unknown, rule: string): ConfigurationError {
  const path = (value as Partial<IConstruct> | null | undefined)?.node?.path;
  return new ConfigurationError(`${name} is ${JSON.stringify(path ?? value)}, but it ${rule}.`);
}

/**
 * Runs a parser of functions/ on a setting, so that both agree on what is right.
 * @throws ConfigurationError that names the setting and says what the parser said
 */
export function parseSetting<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`${name} is wrong: ${reason}.`, { cause: error });
  }
}
