import { ConfigurationError } from './configuration-error.ts';
import {
  checkAccessTokenLifetime,
  checkClientCache,
  checkTokenReuse,
} from './issuance-settings.ts';
import { nearestName } from './nearest-name.ts';
import { checkNonceMode, checkProfile } from './security-settings.ts';
import {
  checkCertificateArn,
  checkFlag,
  checkIssuer,
  checkMtlsOrigin,
  checkPath,
  checkResource,
  checkRotationDays,
  checkSigningAlgorithm,
  checkTopicArn,
} from './setting-checks.ts';
import { checkSigning } from './signing-settings.ts';

/** Name of a setting -> what checks its value. A further setting is an entry here. */
const settings = {
  /** The issuer identifier; absent: the API's own URL. */
  issuer: checkIssuer,
  /** The certificate of its host; absent: no custom domain is made, as for the next but one. */
  issuerCertificateArn: checkCertificateArn,
  /** Where clients show a certificate; absent: nowhere. */
  mtlsOrigin: checkMtlsOrigin,
  mtlsCertificateArn: checkCertificateArn,
  /** The PEM file of what their certificates are checked against. */
  mtlsTruststore: checkPath,
  /** Seconds; absent, as for all that follow: AuthorizationServer's default. */
  accessTokenLifetime: checkAccessTokenLifetime,
  /** Seconds; 0: off. The same for the next. */
  clientCache: checkClientCache,
  tokenReuse: checkTokenReuse,
  profile: checkProfile,
  dpopNonce: checkNonceMode,
  strictClientSecretMethod: checkFlag,
  signing: checkSigning,
  signingAlgorithm: checkSigningAlgorithm,
  experimentalAlgorithms: checkFlag,
  mixedKeyFamilies: checkFlag,
  keyRotationDays: checkRotationDays,
  authorizationEndpointStub: checkFlag,
  /** The SNS topic that alarms go to; absent: none. */
  alarmTopicArn: checkTopicArn,
  /** The demo API's identifier; absent: its own URL. */
  demoApiUrl: checkResource,
} satisfies Readonly<Record<string, (value: unknown, name: string) => unknown>>;

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
