import { nearestName } from '../../registry/nearest-name.ts';
import {
  checkAccount,
  checkCertificateArn,
  checkKeyIds,
  checkRegion,
  checkStackName,
  checkTableStreamArn,
} from './aws-setting-checks.ts';
import { checkHookTimeout } from './claims-hook-settings.ts';
import { ConfigurationError } from './configuration-error.ts';
import {
  checkAccessTokenLifetime,
  checkClientCache,
  checkTokenReuse,
} from './issuance-settings.ts';
import { checkAssertionMaxLifetime, checkNonceMode, checkProfile } from './security-settings.ts';
import {
  checkEndpointStub,
  checkFlag,
  checkFormerIssuer,
  checkHookPath,
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
export const ownerSettings = {
  /** Another name is another deployment. */
  stackName: checkStackName,
  /** Where it is. Without them the credentials of whoever deploys decide. */
  region: checkRegion,
  account: checkAccount,
  issuer: checkIssuer,
  replacesIssuer: checkFormerIssuer,
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
  claimsHook: checkHookPath,
  /** Milliseconds. */
  claimsHookTimeout: checkHookTimeout,
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
  /** The stream of an existing registry table, by which the table is known, too. Without it a table is made. */
  registryTableStreamArn: checkTableStreamArn,
  adoptedKeys: checkKeyIds,
  /** The SNS topic that alarms go to. Without it they can be seen in CloudWatch alone. */
  alarmTopicArn: checkTopicArn,
} satisfies SettingTable;

/** The same, and what the demo API has beside them. */
export const settingsWithDemo = {
  ...ownerSettings,
  /** The demo API's identifier, its own URL by default. */
  demoApiUrl: checkResource,
} satisfies SettingTable;

/** Settings that somebody may choose: what checks each, by its name. */
export type SettingTable = Readonly<Record<string, SettingCheck<unknown>>>;

/** What was chosen; a setting that was not is absent. */
export type Chosen<Table extends SettingTable> = {
  readonly [Name in keyof Table]?: ReturnType<Table[Name]>;
};

/** The settings of this project's own app. */
export type Configuration = Chosen<typeof settingsWithDemo>;

type Context = Readonly<Record<string, unknown>>;

/**
 * Reads the settings in an app's context (cdk.json or `-c name=value`).
 * @throws ConfigurationError when a value is wrong or a name is no setting.
 */
export function readConfiguration(context: Context): Configuration {
  for (const name of Object.keys(context)) checkName(name);
  return Object.fromEntries(
    Object.entries(settingsWithDemo)
      .filter(([name]) => context[name] !== undefined)
      .map(([name, check]) => [name, check(context[name], name)]),
  );
}

/** Context is shared with the CDK, whose own names all carry a colon or a slash. */
function checkName(name: string): void {
  if (/[:/]/.test(name) || Object.hasOwn(settingsWithDemo, name) || cdkNames.includes(name)) return;
  throw new ConfigurationError(unknownSetting(name, settingsWithDemo));
}

/** Says that a name is none of these settings, and which it was probably meant to be. */
export function unknownSetting(name: string, table: SettingTable): string {
  const names = Object.keys(table);
  const nearest = nearestName(name, names);
  return (
    `${name} is no setting of Countersign${nearest ? `, did you mean ${nearest}` : ''}; ` +
    `the settings are ${names.join(', ')}.`
  );
}

// The two exceptions: what `cdk acknowledge` and `cdk cli-telemetry` write.
const cdkNames = ['acknowledged-issue-numbers', 'cli-telemetry'];
