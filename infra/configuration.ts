import { isResourceIdentifier } from '../functions/oauth/resource-server.ts';
import { isSecureUrl } from '../functions/oauth/secure-url.ts';
import { nearestName } from './nearest-name.ts';

/** A wrong setting. The message is one sentence that says what is wrong and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** What the CDK context says about this deployment. */
export interface Configuration {
  /** The issuer identifier; absent: the API's own URL. */
  readonly issuer: string | undefined;
  /** Seconds; absent: AuthorizationServer's default. */
  readonly accessTokenLifetime: number | undefined;
  /** The demo API's identifier; absent: its own URL. */
  readonly demoApiUrl: string | undefined;
}

type Context = Readonly<Record<string, unknown>>;

const settings = ['issuer', 'accessTokenLifetime', 'demoApiUrl'];

/**
 * Reads the configuration from an app's context (cdk.json or `-c name=value`).
 * @throws ConfigurationError when a value is wrong or a name is no setting.
 */
export function readConfiguration(context: Context): Configuration {
  for (const name of Object.keys(context)) checkName(name);
  const setting = <T>(name: string, check: (value: unknown, name: string) => T): T | undefined =>
    context[name] === undefined ? undefined : check(context[name], name);
  return {
    issuer: setting('issuer', checkIssuer),
    accessTokenLifetime: setting('accessTokenLifetime', checkAccessTokenLifetime),
    demoApiUrl: setting('demoApiUrl', checkResource),
  };
}

/**
 * Checks an issuer identifier: the origin of an https URL, so that it can never differ by a
 * slash from what the metadata and the tokens say (RFC 8414 §2). http is for this computer only.
 * @throws ConfigurationError
 */
export function checkIssuer(value: unknown, name = 'issuer'): string {
  if (typeof value === 'string' && isOrigin(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be the origin of an https URL, such as https://auth.example.com, in lower case and ' +
      'without path, query, fragment or trailing slash; http is for localhost, 127.0.0.1 and [::1] only',
  );
}

/**
 * Checks a lifetime of access tokens in seconds, a number or its decimal digits.
 * @throws ConfigurationError
 */
export function checkAccessTokenLifetime(value: unknown, name = 'accessTokenLifetime'): number {
  const seconds = typeof value === 'string' && /^[1-9]\d*$/.test(value) ? Number(value) : value;
  if (Number.isInteger(seconds) && Number(seconds) >= 60 && Number(seconds) <= 86_400) {
    return Number(seconds);
  }
  throw wrongValue(name, value, 'must be whole seconds from 60 to 86400');
}

/**
 * Checks the identifier of a resource server (RFC 8707 §2).
 * @throws ConfigurationError
 */
export function checkResource(value: unknown, name: string): string {
  if (typeof value === 'string' && isResourceIdentifier(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be an absolute URI without a fragment, such as https://api.example.com',
  );
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

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).origin === text && isSecureUrl(new URL(text));

/** Context is shared with the CDK, whose own names all carry a colon or a slash. */
function checkName(name: string): void {
  if (/[:/]/.test(name) || settings.includes(name) || cdkNames.includes(name)) return;
  const nearest = nearestName(name, settings);
  throw new ConfigurationError(
    `${name} is no setting of Countersign${nearest ? `, did you mean ${nearest}` : ''}; ` +
      `the settings are ${settings.join(', ')}.`,
  );
}

// The two exceptions: what `cdk acknowledge` and `cdk cli-telemetry` write.
const cdkNames = ['acknowledged-issue-numbers', 'cli-telemetry'];
