import { Token } from 'aws-cdk-lib';
import type {
  ForeignIssuer as ForeignIssuerVariable,
  TokenType,
} from '../../functions/authorizer/foreign-issuers.ts';
import { isSecureUrl } from '../../functions/oauth/secure-url.ts';
import { acceptedNames, SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';

/** What the access tokens of an issuer have in common with those of Countersign, whatever software it is. */
interface CommonOptions {
  /**
   * What its tokens may be signed with.
   * @default RS256 alone
   */
  readonly algorithms?: SigningAlgorithm[];
}

/**
 * What the access tokens of another issuer are like.
 *
 * @example
 * import { type ForeignIssuerOptions, SigningAlgorithm } from 'countersign';
 *
 * const options: ForeignIssuerOptions = {
 *   issuer: 'https://login.example.com',
 *   audience: 'https://orders.example.com',
 *   algorithms: [SigningAlgorithm.ES256],
 *   requiredClaims: { typ: 'Bearer' },
 * };
 */
export interface ForeignIssuerOptions extends CommonOptions {
  /** Its identifier: the `iss` of its tokens, to the byte. Its keys are found by `/.well-known/openid-configuration`. */
  readonly issuer: string;
  /**
   * What the `aud` of a token for this API contains.
   * @default `scopePrefix` says for whom they are; one that has an `aud` all the same has to name this API
   */
  readonly audience?: string;
  /**
   * What a scope of this API begins with: a token has to have one. Behind a prefix that ends with a slash there is no
   * other: `orders/v2/read` is a scope of `orders/v2/`.
   * @default any scope will do
   */
  readonly scopePrefix?: string;
  /**
   * The `typ` that the header of its tokens may have: `at+jwt`, `JWT`, or `none` where it has none.
   * @default ['at+jwt'], as RFC 9068 has it
   */
  readonly types?: string[];
  /**
   * The claims that may have the client's id: the first one that a token has counts.
   * @default ['client_id']
   */
  readonly clientIdClaims?: string[];
  /**
   * The claim with the scope: a text with spaces, or a list.
   * @default 'scope'
   */
  readonly scopeClaim?: string;
  /**
   * Claims that its access tokens have, and its other JWTs, such as ID tokens, have not.
   * @default none
   */
  readonly requiredClaims?: { [name: string]: string };
}

/**
 * An Amazon Cognito user pool.
 *
 * @example
 * import type { CognitoOptions } from 'countersign';
 *
 * const options: CognitoOptions = {
 *   region: 'eu-central-1',
 *   userPoolId: 'eu-central-1_Ab1Cd2Ef3',
 *   resourceServerIdentifier: 'orders',
 * };
 */
export interface CognitoOptions {
  /** Where the user pool is. */
  readonly region: string;
  /** Its id, such as `eu-central-1_Ab1Cd2Ef3`. */
  readonly userPoolId: string;
  /** That of this API there: its tokens have no `aud`, but scopes such as `orders/read`. */
  readonly resourceServerIdentifier: string;
}

/**
 * A tenant of Auth0.
 *
 * @example
 * import type { Auth0Options } from 'countersign';
 *
 * const options: Auth0Options = { domain: 'example.eu.auth0.com', audience: 'https://orders.example.com' };
 */
export interface Auth0Options extends CommonOptions {
  /** Of the tenant, or its custom domain. */
  readonly domain: string;
  /** The identifier of the API there. */
  readonly audience: string;
}

/**
 * A realm of Keycloak.
 *
 * @example
 * import type { KeycloakOptions } from 'countersign';
 *
 * const options: KeycloakOptions = {
 *   realmUrl: 'https://login.example.com/realms/shop',
 *   audience: 'orders',
 * };
 */
export interface KeycloakOptions extends CommonOptions {
  /** The URL of the realm, without a slash at its end: the `iss` of its tokens. */
  readonly realmUrl: string;
  /** What an audience mapper adds to tokens for this API. */
  readonly audience: string;
}

/**
 * An Ory Hydra that issues JWTs: its `strategies.access_token` is `jwt`.
 *
 * @example
 * import type { HydraOptions } from 'countersign';
 *
 * const options: HydraOptions = { issuer: 'https://hydra.example.com', audience: 'orders' };
 */
export interface HydraOptions extends CommonOptions {
  /** Its `urls.self.issuer`, to the byte. */
  readonly issuer: string;
  /** What clients ask for as `audience`. */
  readonly audience: string;
}

/**
 * Another issuer whose access tokens an API takes beside those of its authorization server, so that clients can move one
 * by one. What it takes back is not known here: its tokens are good until they expire.
 *
 * @example
 * import { ForeignIssuer } from 'countersign';
 *
 * const before = ForeignIssuer.keycloak({
 *   realmUrl: 'https://login.example.com/realms/shop',
 *   audience: 'orders',
 * });
 */
export class ForeignIssuer {
  /**
   * Any issuer of JWTs.
   * @throws ConfigurationError when an option is wrong, or nothing says for whom its tokens are.
   */
  static of(options: ForeignIssuerOptions): ForeignIssuer {
    return new ForeignIssuer(options);
  }

  /** Amazon Cognito: RS256, `token_use`, no `typ`, no `aud`. */
  static cognito(options: CognitoOptions): ForeignIssuer {
    const { region, userPoolId, resourceServerIdentifier } = options;
    return new ForeignIssuer({
      issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`,
      scopePrefix: `${resourceServerIdentifier}/`,
      types: ['none'],
      requiredClaims: { token_use: 'access' },
    });
  }

  /** Auth0: an issuer with a slash at its end; the client is in `azp`, or in `client_id` by the RFC 9068 profile. */
  static auth0({ domain, ...options }: Auth0Options): ForeignIssuer {
    return new ForeignIssuer({
      ...options,
      issuer: `https://${domain}/`,
      types: ['JWT', 'at+jwt'],
      clientIdClaims: ['azp', 'client_id'],
    });
  }

  /** Keycloak: `typ` of the payload tells access tokens from others, the client is in `azp`. */
  static keycloak({ realmUrl, ...options }: KeycloakOptions): ForeignIssuer {
    return new ForeignIssuer({
      ...options,
      issuer: realmUrl,
      types: ['JWT', 'at+jwt'],
      clientIdClaims: ['azp'],
      requiredClaims: { typ: 'Bearer' },
    });
  }

  /** Ory Hydra: the scope is a list, `scp`. */
  static hydra(options: HydraOptions): ForeignIssuer {
    return new ForeignIssuer({ ...options, types: ['JWT'], scopeClaim: 'scp' });
  }

  readonly #variable: ForeignIssuerVariable;

  private constructor(options: ForeignIssuerOptions) {
    const { issuer, audience, scopePrefix: scope_prefix } = options;
    checkIssuerUrl(issuer);
    if (!audience && !scope_prefix) {
      throw new ConfigurationError(
        `of the tokens of ${issuer} neither audience nor scopePrefix says that they are for this API: set one.`,
      );
    }
    this.#variable = {
      ...{ issuer, audience, scope_prefix },
      algorithms: acceptedNames(options.algorithms ?? [SigningAlgorithm.RS256]),
      types: (options.types ?? ['at+jwt']).map(tokenType),
      client_id_claims: options.clientIdClaims ?? ['client_id'],
      scope_claim: options.scopeClaim ?? 'scope',
      required_claims: options.requiredClaims ?? {},
    };
  }

  /** @internal */
  _variable(): ForeignIssuerVariable {
    return this.#variable;
  }
}

/**
 * Writes FOREIGN_ISSUERS.
 * @throws ConfigurationError when two are the same, or one is that of the authorization server
 */
export function foreignIssuersVariable(
  issuers: readonly ForeignIssuer[] | undefined,
  own: string,
): string {
  if (issuers === undefined || issuers.length === 0) return 'none';
  const variables = issuers.map((issuer) => issuer._variable());
  const names = [own, ...variables.map(({ issuer }) => issuer)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(
      `issuers has ${twice}, whose tokens get in already: leave it out.`,
    );
  }
  return JSON.stringify(variables);
}

const tokenTypes: readonly TokenType[] = ['at+jwt', 'JWT', 'none'];

function tokenType(text: string): TokenType {
  const type = tokenTypes.find((known) => known === text);
  if (type !== undefined) return type;
  throw wrongValue('types', text, `must be of ${tokenTypes.join(', ')}`);
}

function checkIssuerUrl(text: string): void {
  if (Token.isUnresolved(text)) return;
  const url = URL.parse(text);
  if (url !== null && isSecureUrl(url) && !/[?#]/.test(text)) return;
  throw wrongValue(
    'issuer',
    text,
    'must be an https URL without query and fragment, to the byte what iss says',
  );
}
