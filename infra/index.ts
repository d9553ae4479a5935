/**
 * What an app of somebody else imports: the authorization server, alone or as a stack, and what
 * guards an API with its tokens. Nothing within infra/ imports this file.
 */

import './requirements.ts';

export { CountersignSettings } from './app/countersign-settings.ts';
export { CountersignStack, type CountersignStackProps } from './app/countersign-stack.ts';
export {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from './authorizer/access-token-authorizer.ts';
export { AccessTokenGuard, type AccessTokenGuardProps } from './authorizer/access-token-guard.ts';
export type { BoundTokensProps } from './authorizer/bound-tokens.ts';
export type { ChallengeOptions } from './authorizer/challenge-options.ts';
export {
  type Auth0Options,
  type CognitoOptions,
  ForeignIssuer,
  type ForeignIssuerOptions,
  type HydraOptions,
  type KeycloakOptions,
} from './authorizer/foreign-issuer.ts';
export {
  ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
  type ProtectedResourceMetadataProps,
} from './authorizer/protected-resource/protected-resource-metadata.ts';
export type { RouteScopes } from './authorizer/routes.ts';
export type { ClientCertificate, KubernetesServiceAccount } from './clients/client-way.ts';
export { MachineClient } from './clients/machine-client.ts';
export type { MachineClientProps } from './clients/machine-client-props.ts';
export {
  type ClientGrant,
  type IResourceServer,
  ResourceServer,
  type ResourceServerProps,
} from './clients/resource-server.ts';
export { AuthorizationServer } from './server/authorization-server.ts';
export type { AuthorizationServerProps } from './server/authorization-server-props.ts';
export type {
  AuthorizationServerAttributes,
  AuthorizationServerStackOptions,
} from './server/imported-server.ts';
export type { IAuthorizationServer } from './server/server-interface.ts';
export { AuthorizationEndpointStub } from './settings/choices/authorization-endpoint-stub.ts';
export { DpopNonce } from './settings/choices/dpop-nonce.ts';
export { KeyCustody } from './settings/choices/key-custody.ts';
export { SecurityProfile } from './settings/choices/security-profile.ts';
export { SigningAlgorithm } from './settings/choices/signing-algorithm.ts';
export { StaleRevocations } from './settings/choices/stale-revocations.ts';
export { ConfigurationError } from './settings/configuration-error.ts';
