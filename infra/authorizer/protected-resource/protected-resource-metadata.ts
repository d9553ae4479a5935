import { Stack, Token } from 'aws-cdk-lib';
import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { profiles } from '../../../functions/oauth/profile.ts';
import { parseScope } from '../../../functions/oauth/scope.ts';
import type { ProtectedResourceEnvironment } from '../../../functions/protected-resource/environment.ts';
import {
  type ProtectedResource,
  protectedResourceMetadata,
} from '../../../functions/protected-resource/metadata.ts';
import { NodeFunction } from '../../node-function.ts';
import { profileName } from '../../settings/choices/security-profile.ts';
import {
  ConfigurationError,
  parseSetting,
  wrongValue,
} from '../../settings/configuration-error.ts';
import { checkSameCdk } from '../../settings/same-cdk.ts';
import { checkIssuer } from '../../settings/setting-checks.ts';
import { acceptedTokens, type IssuerProps } from '../access-token-settings.ts';
import { type BoundTokensProps, isRequired } from '../bound-tokens.ts';
import { metadataPlace } from './metadata-place.ts';
import { addOpenRoutes } from './open-routes.ts';

/**
 * What the metadata of an API say beside what its authorizer or guard knows.
 *
 * @example
 * import type { ProtectedResourceMetadataOptions } from 'countersign';
 *
 * const options: ProtectedResourceMetadataOptions = {
 *   resourceName: 'Orders',
 *   resourceDocumentation: 'https://docs.example.com/orders',
 * };
 */
export interface ProtectedResourceMetadataOptions {
  /**
   * The scope-tokens that the metadata list. Some clients ask for all of them, unless a challenge names the scope of
   * the route: who has not all of them gets no token.
   * @default those of `routes` for a guard, whose challenges do; else none, so that clients ask for no scope,
   *   and get all that they have
   */
  readonly scopes?: string[];
  /**
   * What a person calls the API.
   * @default the metadata have no name
   */
  readonly resourceName?: string;
  /**
   * The URL of what a programmer should read.
   * @default the metadata have none
   */
  readonly resourceDocumentation?: string;
  /**
   * Whether clients can show the API a certificate, so that it takes tokens that are bound to one.
   * @default false
   */
  readonly mutualTls?: boolean;
  /**
   * Where clients reach the API, without a slash at its end: with the base path of its domain, or with the
   * name of the stage.
   * @default that of `boundTokens`, else the host of `audience`
   */
  readonly publicUrl?: string;
}

/**
 * Which API tells clients where to get a token for it.
 *
 * @example
 * import type { ProtectedResourceMetadataProps } from 'countersign';
 *
 * const props: Omit<ProtectedResourceMetadataProps, 'api'> = {
 *   issuer: 'https://auth.example.com',
 *   audience: 'https://api.example.com/mcp',
 *   scopes: ['tools'],
 * };
 */
export interface ProtectedResourceMetadataProps
  extends ProtectedResourceMetadataOptions,
    IssuerProps {
  /** The API that has `audience` as its identifier. */
  readonly api: IHttpApi | IRestApi;
  /**
   * How tokens are taken that are bound to a key or a certificate.
   * @default such tokens are refused
   */
  readonly boundTokens?: BoundTokensProps;
}

/**
 * The metadata of an API (RFC 9728), by which clients find its authorization server: one route without
 * authorization. `addProtectedResourceMetadata()` of an authorizer or a guard makes it, and names it in the
 * challenges. By itself it is for an API that others guard, such as API Gateway's own JWT authorizer.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
 * import { ProtectedResourceMetadata } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Orders');
 * new ProtectedResourceMetadata(stack, 'Metadata', {
 *   api: new HttpApi(stack, 'Api'),
 *   issuer: 'https://auth.example.com',
 *   audience: 'https://orders.example.com',
 *   scopes: ['orders:read'],
 * });
 */
export class ProtectedResourceMetadata extends Construct {
  /** What serves the metadata. */
  readonly function: LambdaFunction;
  /** Where clients find the metadata: the `resource_metadata` of challenges (RFC 9728 §5.1). */
  readonly url: string;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: ProtectedResourceMetadataProps) {
    super(checkSameCdk(scope), id);
    const { api, audience } = props;
    const { path, url } = metadataPlace(audience, reachedAt(props));
    this.url = url;
    const metadata = protectedResourceMetadata(describedResource(props));
    this.function = new NodeFunction(this, 'Function', {
      description: 'Countersign: metadata of a protected resource',
      entry: 'protected-resource/index',
      environment: {
        METADATA: Stack.of(this).toJsonString(metadata),
      } satisfies ProtectedResourceEnvironment,
    });
    addOpenRoutes(this, api, { path, function: this.function });
  }
}

function reachedAt({
  publicUrl,
  boundTokens,
}: Pick<ProtectedResourceMetadataProps, 'publicUrl' | 'boundTokens'>) {
  if (publicUrl !== undefined) return { property: 'publicUrl', url: publicUrl } as const;
  return (
    boundTokens && ({ property: 'boundTokens.publicUrl', url: boundTokens.publicUrl } as const)
  );
}

function describedResource(props: ProtectedResourceMetadataProps): ProtectedResource {
  const { audience, scopes = [], resourceName, resourceDocumentation, mutualTls = false } = props;
  const { issuer, profile, boundTokens } = acceptedTokens(props);
  if (scopes.length > 0) parseSetting('scopes', () => parseScope(scopes.join(' ')));
  return {
    resource: audience,
    issuer: Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer, 'issuer'),
    scopes,
    name: resourceName,
    documentation: checkDocumentation(resourceDocumentation),
    boundTokens: boundTokens && {
      areRequired: isRequired({ boundTokens, profile }),
      dpopAlgorithms: profiles[profileName(profile)].dpopAlgorithms,
      mutualTls,
    },
  };
}

function checkDocumentation(url: string | undefined): string | undefined {
  const isPage = url === undefined || /^https?:/.test(url) || Token.isUnresolved(url);
  if (isPage) return url;
  throw wrongValue('resourceDocumentation', url, 'must be the URL of a page');
}

/**
 * Checks that an authorizer or a guard has no metadata yet, which its challenges name.
 * @throws ConfigurationError
 */
export function checkFirstMetadata(metadata: ProtectedResourceMetadata | undefined): void {
  if (metadata === undefined) return;
  throw new ConfigurationError(
    `addProtectedResourceMetadata() has made "${metadata.node.path}", which challenges name: for another API make a ` +
      'ProtectedResourceMetadata.',
  );
}
