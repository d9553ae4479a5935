import { clientProofCases } from './cases/client-proofs.ts';
import { extensionCases } from './cases/extensions.ts';
import { fapiCases } from './cases/fapi2-profile.ts';
import { mcpCases } from './cases/mcp-client-credentials.ts';
import { revocationListCases } from './cases/revocation-list.ts';
import { revokedAtApiCases } from './cases/revoked-at-api.ts';
import { accessTokenRequestCases } from './cases/rfc6749-access-token-request.ts';
import { bruteForceCases } from './cases/rfc6749-brute-force.ts';
import { clientAuthenticationCases } from './cases/rfc6749-client-authentication.ts';
import { clientSecretCases } from './cases/rfc6749-client-secret.ts';
import { errorResponseCases } from './cases/rfc6749-error-response.ts';
import { guessingCases } from './cases/rfc6749-guessing.ts';
import { strangeRequestCases } from './cases/rfc6749-strange-requests.ts';
import { successfulResponseCases } from './cases/rfc6749-successful-response.ts';
import { tokenEndpointCases } from './cases/rfc6749-token-endpoint.ts';
import { transportSecurityCases } from './cases/rfc6749-transport-security.ts';
import { bearerTokenCases } from './cases/rfc6750-bearer-token.ts';
import { challengeCases } from './cases/rfc6750-challenge.ts';
import { errorCodeCases } from './cases/rfc6750-error-codes.ts';
import { neededScopeCases } from './cases/rfc6750-scope.ts';
import { revocationCases } from './cases/rfc7009-revocation.ts';
import { signatureCases } from './cases/rfc7515-signature.ts';
import { jwkSetCases } from './cases/rfc7517-jwk-set.ts';
import { tokenSignatureCases } from './cases/rfc7518-token-signature.ts';
import { clientAssertionCases } from './cases/rfc7521-client-assertion.ts';
import { assertionClaimsCases } from './cases/rfc7523-assertion-claims.ts';
import { assertionSignatureCases } from './cases/rfc7523-assertion-signature.ts';
import { introspectionCases } from './cases/rfc7662-introspection.ts';
import { announcementCases } from './cases/rfc8414-announcements.ts';
import { metadataCases } from './cases/rfc8414-metadata.ts';
import { certificateBoundCases } from './cases/rfc8705-bound-tokens.ts';
import { mutualTlsCases } from './cases/rfc8705-mutual-tls.ts';
import { resourceIndicatorCases } from './cases/rfc8707-resource-indicators.ts';
import { foreignKeyCases } from './cases/rfc8725-foreign-keys.ts';
import { accessTokenClaimsCases } from './cases/rfc9068-claims.ts';
import { expiryCases } from './cases/rfc9068-expiry.ts';
import { accessTokenHeaderCases } from './cases/rfc9068-header.ts';
import { requestedTokenCases } from './cases/rfc9068-requested-token.ts';
import { validationCases } from './cases/rfc9068-validation.ts';
import { tokenSizeCases } from './cases/rfc9110-token-size.ts';
import { dpopApiCases } from './cases/rfc9449-dpop-api.ts';
import { dpopProofCases } from './cases/rfc9449-dpop-proof.ts';
import { dpopTokenCases } from './cases/rfc9449-dpop-token.ts';
import { bestPracticeCases } from './cases/rfc9700-best-practice.ts';
import { protectedResourceCases } from './cases/rfc9728-protected-resource.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Every case, in the order of the rules. */
export const allCases: readonly ConformanceCase[] = [
  ...tokenEndpointCases,
  ...transportSecurityCases,
  ...clientAuthenticationCases,
  ...clientSecretCases,
  ...bruteForceCases,
  ...accessTokenRequestCases,
  ...successfulResponseCases,
  ...errorResponseCases,
  ...guessingCases,
  ...strangeRequestCases,
  ...clientAssertionCases,
  ...assertionClaimsCases,
  ...assertionSignatureCases,
  ...mutualTlsCases,
  ...certificateBoundCases,
  ...clientProofCases,
  ...dpopProofCases,
  ...dpopTokenCases,
  ...dpopApiCases,
  ...accessTokenHeaderCases,
  ...accessTokenClaimsCases,
  ...requestedTokenCases,
  ...tokenSignatureCases,
  ...resourceIndicatorCases,
  ...jwkSetCases,
  ...metadataCases,
  ...announcementCases,
  ...bearerTokenCases,
  ...validationCases,
  ...signatureCases,
  ...expiryCases,
  ...foreignKeyCases,
  ...errorCodeCases,
  ...challengeCases,
  ...neededScopeCases,
  ...protectedResourceCases,
  ...tokenSizeCases,
  ...revokedAtApiCases,
  ...revocationListCases,
  ...revocationCases,
  ...introspectionCases,
  ...bestPracticeCases,
  ...fapiCases,
  ...mcpCases,
  ...extensionCases,
];
