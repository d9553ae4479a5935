import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AuthorizerEnvironment } from '../../functions/authorizer/environment.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { registeredIdentifier } from '../../functions/oauth/resource-server.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import {
  constantOf,
  profileName,
  type SecurityProfile,
} from '../settings/choices/security-profile.ts';
import { acceptedNames, type SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';
import { checkIssuer, checkResource } from '../settings/setting-checks.ts';
import { allowedBy, defaultAlgorithms } from '../settings/signing-settings.ts';
import { type ForeignIssuer, foreignIssuersVariable } from './foreign-issuer.ts';
import type { RevocationProps } from './revocation-props.ts';
import { type RevocationSettings, revocationEnvironment } from './revocation-settings.ts';
import { type RouteScopes, routesTable } from './routes.ts';

/**
 * Whose access tokens an API takes.
 * @internal
 */
export interface IssuerProps {
  /**
   * The authorization server whose tokens are accepted: one that is made in the same app and stage, or an
   * imported one. It says what `issuer`, `algorithms` and `profile` are, which are left out then.
   * @default the one that `issuer` names
   */
  readonly server?: IAuthorizationServer;
  /**
   * The issuer identifier whose tokens are accepted, to the byte.
   * @default that of `server`; one of the two is needed
   */
  readonly issuer?: string;
  /** The API's own identifier, to the byte as it is registered; the `aud` of a token must contain it. */
  readonly audience: string;
  /**
   * FAPI2 (FAPI 2.0 Security Profile §5.3.4 and §5.4) needs `boundTokens`, lets in no token that is
   * bound to nothing, and takes PS256, ES256 and EdDSA alone for tokens and proofs, those of `issuers` too.
   * @default that of `server`, else SecurityProfile.NONE
   */
  readonly profile?: SecurityProfile;
}

/**
 * The same, and what each route asks of a token.
 * @internal
 */
export interface AccessTokenProps extends IssuerProps, RevocationProps {
  /**
   * Route key (`GET /orders/{id}`) -> the scope-tokens that it needs, all of them. A route that is
   * not listed lets nobody in.
   */
  readonly routes: RouteScopes;
  /**
   * What a token may be signed with. What others sign with and Countersign does not has a name, too:
   * `SigningAlgorithm.of('RS512')`.
   * @default those of `server`, else SigningAlgorithm.RS256 alone, or PS256 under the profile FAPI2
   */
  readonly algorithms?: SigningAlgorithm[];
  /**
   * Other issuers whose tokens get in, too, while their clients move to the authorization server.
   * @default none
   */
  readonly issuers?: ForeignIssuer[];
}

/** What `server` says in place of other properties. */
type SaidByServer = Pick<AccessTokenProps, 'server' | 'issuer' | 'algorithms' | 'profile'>;

/** The same with what `server` says written out. */
export type AcceptedTokens = Omit<AccessTokenProps, 'server' | 'issuer' | keyof RevocationProps> & {
  readonly issuer: string;
  /** @default a token that was taken back gets in until it expires */
  readonly revoked?: RevocationSettings;
};

/**
 * Writes out what `server` says, in place of it.
 * @throws ConfigurationError when nobody names the issuer, or `server` and another property do both
 */
export function acceptedTokens<Props extends SaidByServer>(
  props: Props,
): Omit<Props, 'server' | 'issuer'> & Pick<AcceptedTokens, 'issuer' | 'algorithms' | 'profile'> {
  const { server, issuer, ...others } = props;
  if (server !== undefined) {
    checkServer(server);
    checkSaidOnce(props);
    const { algorithms, profile } = server;
    return { ...others, issuer: server.issuer, algorithms, profile };
  }
  if (issuer !== undefined) return { ...others, issuer };
  throw new ConfigurationError(
    'neither server nor issuer is set, so that nobody could get in: set the one or the other.',
  );
}

function checkServer(server: IAuthorizationServer): void {
  if (typeof (server as Partial<IAuthorizationServer> | null)?.tokenEndpoint === 'string') return;
  throw wrongValue(
    'server',
    server,
    'must be an AuthorizationServer, or what its fromStackOutputs or fromAttributes gives',
  );
}

function checkSaidOnce(props: SaidByServer): void {
  const twice = (['issuer', 'algorithms', 'profile'] as const).find(
    (name) => props[name] !== undefined,
  );
  if (twice === undefined) return;
  throw new ConfigurationError(`server is set, which says what ${twice} is: leave ${twice} out.`);
}

/**
 * Writes what an authorizer needs to know into its environment.
 * @throws ConfigurationError when a property is wrong.
 */
export function accessTokenEnvironment(props: AcceptedTokens): AuthorizerEnvironment {
  const { issuer, audience, routes } = props;
  return {
    ISSUER: Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer, 'issuer'),
    AUDIENCE: Token.isUnresolved(audience) ? audience : checkResource(audience, 'audience'),
    ALGORITHMS: checkedAlgorithms(props).join(' '),
    ROUTES: routesTable(routes).variable,
    FOREIGN_ISSUERS: foreignIssuersVariable(checkedIssuers(props), issuer),
    RESOURCE_METADATA: 'none',
    ...revocationEnvironment(issuer, props.revoked),
  };
}

/** Warns of an audience that no token of ours can have, since none is registered like that. */
export function warnOfAudience(
  scope: IConstruct,
  { audience }: Pick<AcceptedTokens, 'audience'>,
): void {
  if (Token.isUnresolved(audience) || registeredIdentifier(audience) === audience) return;
  Annotations.of(scope).addWarningV2(
    'countersign:audience-as-registered',
    `audience is "${audience}", but a resource server is registered as "${registeredIdentifier(audience)}", ` +
      'and aud is compared to the letter: a token of Countersign never gets in.',
  );
}

function checkedAlgorithms(
  props: Pick<AcceptedTokens, 'algorithms' | 'profile'>,
): readonly string[] {
  const names = acceptedNames(props.algorithms ?? [defaultAlgorithms[profileName(props.profile)]]);
  return allowed(names, 'algorithms', props);
}

/** What a profile asks of tokens, it asks of all. */
function checkedIssuers(props: Pick<AcceptedTokens, 'issuers' | 'profile'>) {
  for (const { issuer, algorithms } of (props.issuers ?? []).map((each) => each._variable())) {
    allowed(algorithms, `algorithms of ${issuer}`, props);
  }
  return props.issuers;
}

function allowed(
  names: readonly string[],
  where: string,
  props: Pick<AcceptedTokens, 'profile'>,
): readonly string[] {
  const profile = profileName(props.profile);
  const other = names.find((name) => !profiles[profile].maySign(name));
  if (other === undefined) return names;
  throw new ConfigurationError(
    `${where} has "${other}", which ${constantOf(profile)} does not allow: take some of ` +
      `${allowedBy(profile).join(', ')}.`,
  );
}
