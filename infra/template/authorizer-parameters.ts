import { asymmetricAlgorithms } from '../../functions/authorizer/algorithms.ts';
import type { BoundTokenEnvironment } from '../../functions/authorizer/bound-token-environment.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { profileName, type SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { checkIssuer, checkResource } from '../settings/setting-checks.ts';
import { matching } from './limits.ts';
import type { ParameterLimits } from './parameters.ts';
import { httpsOrigin, secureOrigin } from './patterns.ts';

/** What an authorizer is made for: what the server's settings say of its tokens. */
export interface IssuedTokens {
  readonly algorithms: SigningAlgorithm[];
  readonly profile: SecurityProfile;
}

type AuthorizerParameters = Readonly<Record<string, ParameterLimits>>;

/** The parameter -> the variable that it becomes, where this is not made of a property. */
export const authorizerVariables = {
  Routes: 'ROUTES',
  Algorithms: 'ALGORITHMS',
  ResourceMetadata: 'RESOURCE_METADATA',
} as const satisfies Readonly<Record<string, keyof BoundTokenEnvironment>>;

/** The parameters of every authorizer. */
export function authorizerParameters({ algorithms, profile }: IssuedTokens): AuthorizerParameters {
  const allowed = asymmetricAlgorithms.filter(profiles[profileName(profile)].maySign);
  const algorithm = `(?:${allowed.join('|')})`;
  return {
    Issuer: {
      description: 'The issuer identifier whose tokens are accepted, to the byte',
      ...matching(checkIssuer, secureOrigin),
    },
    Audience: {
      description:
        "The API's own identifier, to the byte as it is registered: the aud of its tokens",
      ...matching(checkResource, "[A-Za-z][A-Za-z0-9+.-]*:[\\w!$%&'()*+,./:;=?@~\\[\\]-]+"),
      maxLength: 1024,
    },
    Routes: {
      description: 'JSON: route key (GET /orders/{id}) -> list of the scope-tokens that it needs',
      ...matching(routesRule, '\\{[^\\x00-\\x1F]+\\}'),
      // Lambda takes 4 KB of environment in all.
      maxLength: 3072,
    },
    Algorithms: {
      description: 'JOSE names of what a token may be signed with, with spaces between',
      default: algorithms.map(({ name }) => name).join(' '),
      ...matching(
        { rule: `must be one or more of ${allowed.join(', ')}` },
        `${algorithm}(?: ${algorithm})*`,
      ),
    },
    ResourceMetadata: {
      description: "URL of the API's metadata (RFC 9728), which challenges name; or none",
      default: 'none',
      ...matching(
        { rule: 'must be an https URL' },
        `${httpsOrigin}/[\\w!$%&'()*+,./:;=@~-]*`,
        'none',
      ),
    },
    ApiExecutionArn: {
      description:
        'arn:aws:execute-api:REGION:ACCOUNT:API of the API that may call it; empty: none',
      default: '',
      ...matching(apiRule, 'arn:aws[a-z-]*:execute-api:[a-z0-9-]+:\\d{12}:[a-z0-9]+', ''),
    },
  };
}

/** Those that an authorizer of bound tokens has beside them. */
export function boundTokenParameters({ profile }: IssuedTokens): AuthorizerParameters {
  const PublicUrl: ParameterLimits = {
    description: 'Where clients reach the API, without a slash at its end: what DPoP proofs name',
    ...matching(publicUrlRule, `${secureOrigin}(?:/[\\w!$&'()*+,.:;=@~-]+)*`),
  };
  if (profiles[profileName(profile)].senderConstrained) return { PublicUrl };
  return {
    PublicUrl,
    BoundTokens: {
      description:
        'Whether tokens that are bound to nothing are let in beside those that are bound',
      default: 'accepted' satisfies BoundTokenEnvironment['BOUND_TOKENS'],
      allowedValues: ['accepted', 'required'],
      constraintDescription: 'must be accepted or required',
    },
  };
}

const routesRule = { rule: 'must be a JSON object on one line' };
const apiRule = {
  rule: 'must be the ARN of an API without a stage, such as arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5',
};
const publicUrlRule = {
  rule: 'must be an https URL without query, fragment, escape or trailing slash',
};
