import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { ownerSettings } from './configuration.ts';

/**
 * The JSON Schema of the settings in a file, for editors: names, types and limits as they are checked. What a
 * schema cannot say, such as that a URL is an origin, its description does.
 */
export function settingsSchema(): object {
  const properties = Object.entries(ownerSettings).map(([name, { schema, rule }]) => [
    name,
    {
      ...jsonSchemaOf(schema),
      description: `${descriptions[name as keyof typeof ownerSettings]} It ${rule}.`,
    },
  ]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of Countersign',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
  };
}

function jsonSchemaOf(schema: v.GenericSchema): object {
  const { $schema: _, ...body } = toJsonSchema(schema, { errorMode: 'ignore' });
  return body;
}

/** What an editor says of a setting, with its default. */
const descriptions = {
  stackName:
    'Name of the CloudFormation stack; another name is another deployment. Default: Countersign.',
  region: 'AWS Region of the deployment. Default: that of the credentials.',
  account: 'Id of the AWS account of the deployment. Default: that of the credentials.',
  issuer: "The issuer, which every client and every API knows. Default: the API's own URL.",
  replacesIssuer:
    'The issuer from before, where a running deployment gets another one. Default: none.',
  issuerCertificateArn:
    'Certificate of the host of issuer, with which its domain is made. Default: none.',
  mtlsOrigin: 'Where clients show a certificate. Default: they cannot.',
  mtlsCertificateArn: 'Certificate of the host of mtlsOrigin. Default: none.',
  mtlsTruststore: 'PEM file of whom mtlsOrigin trusts, relative to this file. Default: none.',
  accessTokenLifetime:
    'Seconds that a token lives where its client or API does not say. Default: 3600.',
  clientCache:
    'Seconds that a client and a resource server are cached; 0: not at all. Default: 30.',
  tokenReuse: 'Seconds for which the same request may get the same token; 0: never. Default: 0.',
  claimsHook:
    'A file that adds claims to tokens, or refuses them, relative to this file. Default: none.',
  claimsHookTimeout: 'Milliseconds that it may take. Default: 200.',
  throttle: 'Requests a second to each path. Default: 500.',
  tokenThrottle: 'Requests a second to /token. Default: as throttle.',
  profile: 'What is demanded of clients; fapi2: the FAPI 2.0 Security Profile. Default: none.',
  assertionMaxLifetime:
    'Seconds that an assertion may live which a client signs. Default: 3600, and 600 under fapi2.',
  dpopNonce: 'Whether DPoP proofs at the token endpoint need a nonce. Default: off.',
  corsOrigins: 'Web pages whose scripts may read what /token answers. Default: none.',
  strictClientSecretMethod:
    'Whether a secret has to come in the way that its client is registered for. Default: false.',
  signing: 'Where private keys are; kms: they never leave it. Default: kms.',
  signingAlgorithm: 'What tokens are signed with. Default: RS256, and PS256 under fapi2.',
  experimentalAlgorithms:
    'Whether signingAlgorithm may be one that few verifiers know. Default: false.',
  mixedKeyFamilies:
    'Whether keys of two families may be published while the algorithm changes. Default: false.',
  keyRotationDays: 'Days from one signing key to the next. Default: 90.',
  authorizationEndpointStub:
    'Which metadata name an authorization endpoint; openid: the OpenID configuration alone. Default: openid.',
  registryTableStreamArn:
    'Stream of an existing registry table that the deployment is to work on, as countersign adopt tells it. Default: a new table.',
  adoptedKeys:
    'Ids of the signing keys which that table brings, as countersign adopt tells them. Default: none.',
  alarmTopicArn:
    'SNS topic that hears of it when the key rotation fails or is late. Default: none.',
} as const satisfies Readonly<Record<keyof typeof ownerSettings, string>>;
