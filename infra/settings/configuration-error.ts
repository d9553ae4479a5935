/** A wrong setting. The message is one sentence that says what is wrong and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The error for a value outside of what is allowed. */
export function wrongValue(name: string, value: unknown, rule: string): ConfigurationError {
  return new ConfigurationError(`${name} is ${JSON.stringify(value)}, but it ${rule}.`);
}

/** Runs a parser of functions/, and turns its error into one that names the setting. */
export function refusing<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`${name} is wrong: ${reason}.`, { cause: error });
  }
}
