import type { AuthorizationServer } from '../server/authorization-server.ts';
import { certificateArn, checkCertificateArn } from '../settings/aws-setting-checks.ts';
import type { Chosen, ownerSettings } from '../settings/configuration.ts';
import {
  checkAccessTokenLifetime,
  checkClientCache,
  checkTokenReuse,
} from '../settings/issuance-settings.ts';
import { checkAssertionMaxLifetime, securitySettings } from '../settings/security-settings.ts';
import {
  checkFlag,
  checkFormerIssuer,
  checkIssuer,
  checkOrigins,
  checkRotationDays,
  checkTopicArn,
  checkWholeNumber,
  formerIssuer,
  topicArn,
} from '../settings/setting-checks.ts';
import { largestBurst } from '../settings/throttle-settings.ts';
import { between, inside, matching } from './limits.ts';
import type { ParameterLimits } from './parameters.ts';
import { secureOrigin } from './patterns.ts';
import * as put from './put-parameter.ts';

/** What an owner has set. */
export type OwnerSettings = Chosen<typeof ownerSettings>;

/** A setting that whoever deploys the template chooses. */
export interface SettingParameter extends Omit<ParameterLimits, 'default'> {
  /** Where the settings do not say; of the server that they make. */
  readonly default: string | ((server: AuthorizationServer) => string);
  /** Puts it in the place of the setting; absent: the server is made with it. */
  readonly put?: put.PutParameter;
}

// A template can neither compare numbers nor say less for the burst than for the rate.
const templateRate = checkWholeNumber({ of: 'requests a second', from: 1, to: largestBurst });
const pageOrigin = `(?:loopback|${secureOrigin})`;

/**
 * What becomes of each setting: a parameter; `fixed` when the template is written, for resources, routes or
 * permissions depend on it; or `absent`, since a template is for any stack, and its deployment says which.
 */
export const settingsInTemplate: Readonly<
  Record<keyof OwnerSettings, SettingParameter | 'fixed' | 'absent'>
> = {
  issuer: {
    description: 'Origin that leads to the API; empty: the URL of the API itself',
    default: '',
    ...matching(checkIssuer, secureOrigin, ''),
  },
  issuerCertificateArn: {
    description: 'ACM certificate for Issuer, with which its custom domain is made; empty: none',
    default: '',
    ...matching(checkCertificateArn, inside(certificateArn), ''),
  },
  replacesIssuer: {
    description: 'The Issuer from before, where an update is meant to change it; or none',
    default: 'none',
    ...matching(checkFormerIssuer, inside(formerIssuer), 'none'),
    put: put.replacesIssuer,
  },
  accessTokenLifetime: {
    description: 'Seconds that an access token lives, unless its client or resource server says',
    default: '3600',
    ...between(checkAccessTokenLifetime),
    put: put.tokenVariable('ACCESS_TOKEN_LIFETIME'),
  },
  clientCache: {
    description: 'Seconds that an instance caches a client and a resource server; 0: it does not',
    default: '30',
    ...between(checkClientCache),
    put: put.clientVariable('CLIENT_CACHE'),
  },
  tokenReuse: {
    description: 'Seconds for which the same request may get the same token; 0: never',
    default: '0',
    ...between(checkTokenReuse),
    put: put.tokenReuse,
  },
  throttle: {
    description: 'Requests a second to each path, and as many at once',
    default: '500',
    ...between(templateRate),
    put: put.throttle,
  },
  tokenThrottle: {
    description: 'The same for /token, /revoke and /introspect; empty: as Throttle',
    default: '',
    ...between(templateRate, ''),
    put: put.tokenThrottle,
  },
  assertionMaxLifetime: {
    description: 'Seconds that an assertion may live which a client has signed itself',
    default: ({ profile }) => String(securitySettings({ profile }).assertionMaxLifetime),
    ...between(checkAssertionMaxLifetime),
    put: put.clientVariable('ASSERTION_MAX_LIFETIME'),
  },
  corsOrigins: {
    description: 'Origins of web pages whose scripts may read the answers; or none',
    default: 'none',
    ...matching(checkOrigins, `${pageOrigin}(?: ${pageOrigin})*`, 'none'),
    put: put.clientVariable('CORS_ORIGINS'),
  },
  strictClientSecretMethod: {
    description: 'Whether a secret is taken only in the way that its client is registered for',
    default: 'false',
    allowedValues: ['false', 'true'],
    constraintDescription: checkFlag.rule,
    put: put.clientSecretMethod,
  },
  keyRotationDays: {
    description: 'Days that a key signs before the next one is made',
    default: '90',
    ...between(checkRotationDays),
    put: put.keyRotationDays,
  },
  alarmTopicArn: {
    description: 'SNS topic for the alarms; empty: none',
    default: '',
    ...matching(checkTopicArn, inside(topicArn), ''),
    put: put.alarmTopic,
  },
  claimsHook: 'fixed',
  claimsHookTimeout: 'fixed',
  mtlsOrigin: 'fixed',
  mtlsCertificateArn: 'fixed',
  mtlsTruststore: 'fixed',
  profile: 'fixed',
  dpopNonce: 'fixed',
  signing: 'fixed',
  signingAlgorithm: 'fixed',
  experimentalAlgorithms: 'fixed',
  mixedKeyFamilies: 'fixed',
  authorizationEndpointStub: 'fixed',
  registryTableStreamArn: 'fixed',
  adoptedKeys: 'fixed',
  stackName: 'absent',
  region: 'absent',
  account: 'absent',
};
