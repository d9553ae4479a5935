import { Token } from 'aws-cdk-lib';
import { parseAlgorithms } from '../../functions/authorizer/algorithms.ts';
import type { AuthorizerEnvironment } from '../../functions/authorizer/environment.ts';
import { type ProfileName, profiles } from '../../functions/oauth/profile.ts';
import { ConfigurationError, parseSetting } from '../settings/configuration-error.ts';
import { checkProfile } from '../settings/security-settings.ts';
import { checkIssuer, checkResource } from '../settings/setting-checks.ts';
import { allowedBy } from '../settings/signing-settings.ts';
import { formatRoutes, type RouteScopes } from './routes.ts';

/** Whose access tokens an API takes, and what each of its routes asks of them. */
export interface AccessTokenProps {
  /** The issuer identifier whose tokens are accepted, to the byte. */
  readonly issuer: string;
  /** The API's own identifier; the `aud` of a token must contain it. */
  readonly audience: string;
  /**
   * Route key (`GET /orders/{id}`) -> the scope-tokens that it needs, all of them. A route that is
   * not listed lets nobody in.
   */
  readonly routes: RouteScopes;
  /**
   * Algorithms that a token may be signed with.
   * @default ['RS256'], and ['PS256'] under the profile `fapi2`
   */
  readonly algorithms?: readonly string[];
  /**
   * `fapi2`: FAPI 2.0 Security Profile §5.3.4 and §5.4. Needs `boundTokens`, lets in no token that is
   * bound to nothing, and takes PS256, ES256 and EdDSA alone for tokens and proofs.
   * @default 'none'
   */
  readonly profile?: ProfileName;
}

/**
 * Writes what an authorizer needs to know into its environment.
 * @throws ConfigurationError when a property is wrong.
 */
export function accessTokenEnvironment(props: AccessTokenProps): AuthorizerEnvironment {
  const { issuer, audience, routes } = props;
  const profile = checkProfile(props.profile ?? 'none', 'profile');
  const { algorithms = [profile === 'fapi2' ? 'PS256' : 'RS256'] } = props;
  return {
    ISSUER: Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer, 'issuer'),
    AUDIENCE: Token.isUnresolved(audience) ? audience : checkResource(audience, 'audience'),
    ALGORITHMS: checkAlgorithms(algorithms, profile),
    ROUTES: formatRoutes(routes),
  };
}

function checkAlgorithms(algorithms: readonly string[], profile: ProfileName): string {
  const names = algorithms.join(' ');
  parseSetting('algorithms', () => parseAlgorithms(names));
  const other = algorithms.find((name) => !profiles[profile].maySign(name));
  if (other === undefined) return names;
  throw new ConfigurationError(
    `algorithms has "${other}", which the profile ${profile} does not allow: take some of ` +
      `${allowedBy(profile).join(', ')}.`,
  );
}
