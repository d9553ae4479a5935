import { distance } from 'fastest-levenshtein';
import { ConfigurationError } from './configuration-error.ts';
import {
  checkAccessTokenLifetime,
  checkClientCache,
  checkTokenReuse,
} from './issuance-settings.ts';
import { checkAssertionMaxLifetime, checkNonceMode, checkProfile } from './security-settings.ts';
import {
  checkCertificateArn,
  checkEndpointStub,
  checkFlag,
  checkIssuer,
  checkMtlsOrigin,
  checkOrigins,
  checkPath,
  checkResource,
  checkRotationDays,
  checkSigningAlgorithm,
  checkTopicArn,
  type SettingCheck,
} from './setting-checks.ts';
import { checkCustody } from './signing-settings.ts';
import { checkRate } from './throttle-settings.ts';

/** Name of a setting -> what checks its value. Those without a comment are as in AuthorizationServerProps. */
const settings = {
  issuer: checkIssuer,
  replacesIssuer: checkIssuer,
  /** The certificate of the issuer's host. Without it no custom domain of `issuer` is made. */
  issuerCertificateArn: checkCertificateArn,
  mtlsOrigin: checkMtlsOrigin,
  /** The certificate of its host. Without it no custom domain of `mtlsOrigin` is made. */
  mtlsCertificateArn: checkCertificateArn,
  mtlsTruststore: checkPath,
  /** Seconds. */
  accessTokenLifetime: checkAccessTokenLifetime,
  /** Seconds; 0: nothing is cached. */
  clientCache: checkClientCache,
  /** Seconds; 0: no token is given out again. */
  tokenReuse: checkTokenReuse,
  /** `rateLimit`: requests a second to each path. */
  throttle: checkRate,
  /** The same for `/token`. */
  tokenThrottle: checkRate,
  profile: checkProfile,
  /** Seconds. */
  assertionMaxLifetime: checkAssertionMaxLifetime,
  dpopNonce: checkNonceMode,
  corsOrigins: checkOrigins,
  strictClientSecretMethod: checkFlag,
  signing: checkCustody,
  signingAlgorithm: checkSigningAlgorithm,
  experimentalAlgorithms: checkFlag,
  mixedKeyFamilies: checkFlag,
  /** `keyRotationInterval` in days. */
  keyRotationDays: checkRotationDays,
  authorizationEndpointStub: checkEndpointStub,
  /** The SNS topic that alarms go to. Without it they can be seen in CloudWatch alone. */
  alarmTopicArn: checkTopicArn,
  /** The demo API's identifier, its own URL by default. */
  demoApiUrl: checkResource,
} satisfies Readonly<Record<string, SettingCheck<unknown>>>;

type Settings = typeof settings;

/** What the CDK context says about this deployment; a setting that it does not have is absent. */
export type Configuration = { readonly [Name in keyof Settings]?: ReturnType<Settings[Name]> };

type Context = Readonly<Record<string, unknown>>;

/**
 * Reads the configuration from an app's context (cdk.json or `-c name=value`).
 * @throws ConfigurationError when a value is wrong or a name is no setting.
 */
export function readConfiguration(context: Context): Configuration {
  for (const name of Object.keys(context)) checkName(name);
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => context[name] !== undefined)
      .map(([name, check]) => [name, check(context[name], name)]),
  );
}

/** Context is shared with the CDK, whose own names all carry a colon or a slash. */
function checkName(name: string): void {
  const names = Object.keys(settings);
  if (/[:/]/.test(name) || names.includes(name) || cdkNames.includes(name)) return;
  const nearest = nearestName(name, names);
  throw new ConfigurationError(
    `${name} is no setting of Countersign${nearest ? `, did you mean ${nearest}` : ''}; ` +
      `the settings are ${names.join(', ')}.`,
  );
}

// The two exceptions: what `cdk acknowledge` and `cdk cli-telemetry` write.
const cdkNames = ['acknowledged-issue-numbers', 'cli-telemetry'];

/**
 * Finds the name that a word was probably meant to be: the fewest edits (insert, delete, replace; case
 * aside) for its length. None where more than six letters in ten would change.
 */
function nearestName(word: string, names: readonly string[]): string | undefined {
  const change = (name: string) => distance(word.toLowerCase(), name.toLowerCase()) / name.length;
  const [nearest] = names
    .map((name) => ({ name, change: change(name) }))
    .filter(({ change }) => change <= 0.6)
    .toSorted((a, b) => a.change - b.change);
  return nearest?.name;
}
