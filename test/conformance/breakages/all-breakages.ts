import type { BreakageTable } from './breakage-table.ts';
import { clientProofBreakages } from './client-proofs.ts';
import { extensionBreakages } from './extensions.ts';
import { fapiBreakages } from './fapi2-profile.ts';
import { mcpBreakages } from './mcp-client-credentials.ts';
import { revocationListBreakages } from './revocation-list.ts';
import { accessTokenRequestBreakages } from './rfc6749-access-token-request.ts';
import { bruteForceBreakages } from './rfc6749-brute-force.ts';
import { clientAuthenticationBreakages } from './rfc6749-client-authentication.ts';
import { clientSecretBreakages } from './rfc6749-client-secret.ts';
import { errorResponseBreakages } from './rfc6749-error-response.ts';
import { guessingBreakages } from './rfc6749-guessing.ts';
import { strangeRequestBreakages } from './rfc6749-strange-requests.ts';
import { successfulResponseBreakages } from './rfc6749-successful-response.ts';
import { tokenEndpointBreakages } from './rfc6749-token-endpoint.ts';
import { transportSecurityBreakages } from './rfc6749-transport-security.ts';
import { bearerTokenBreakages } from './rfc6750-bearer-token.ts';
import { challengeBreakages } from './rfc6750-challenge.ts';
import { errorCodeBreakages } from './rfc6750-error-codes.ts';
import { neededScopeBreakages } from './rfc6750-scope.ts';
import { revocationBreakages } from './rfc7009-revocation.ts';
import { signatureBreakages } from './rfc7515-signature.ts';
import { jwkSetBreakages } from './rfc7517-jwk-set.ts';
import { tokenSignatureBreakages } from './rfc7518-token-signature.ts';
import { clientAssertionBreakages } from './rfc7523-client-assertion.ts';
import { introspectionBreakages } from './rfc7662-introspection.ts';
import { announcementBreakages } from './rfc8414-announcements.ts';
import { metadataBreakages } from './rfc8414-metadata.ts';
import { certificateBoundBreakages } from './rfc8705-bound-tokens.ts';
import { mutualTlsBreakages } from './rfc8705-mutual-tls.ts';
import { resourceIndicatorBreakages } from './rfc8707-resource-indicators.ts';
import { foreignKeyBreakages } from './rfc8725-foreign-keys.ts';
import { accessTokenClaimsBreakages } from './rfc9068-claims.ts';
import { accessTokenHeaderBreakages } from './rfc9068-header.ts';
import { requestedTokenBreakages } from './rfc9068-requested-token.ts';
import { validationBreakages } from './rfc9068-validation.ts';
import { tokenSizeBreakages } from './rfc9110-token-size.ts';
import { dpopApiBreakages } from './rfc9449-dpop-api.ts';
import { dpopProofBreakages } from './rfc9449-dpop-proof.ts';
import { dpopTokenBreakages } from './rfc9449-dpop-token.ts';
import { bestPracticeBreakages } from './rfc9700-best-practice.ts';
import { protectedResourceBreakages } from './rfc9728-protected-resource.ts';

/** Every breakage, in the order of the rules; at last those after which a client is locked out. */
export const allBreakages: BreakageTable = {
  ...tokenEndpointBreakages,
  ...transportSecurityBreakages,
  ...clientAuthenticationBreakages,
  ...clientSecretBreakages,
  ...accessTokenRequestBreakages,
  ...successfulResponseBreakages,
  ...errorResponseBreakages,
  ...guessingBreakages,
  ...strangeRequestBreakages,
  ...clientAssertionBreakages,
  ...mutualTlsBreakages,
  ...certificateBoundBreakages,
  ...clientProofBreakages,
  ...dpopProofBreakages,
  ...dpopTokenBreakages,
  ...dpopApiBreakages,
  ...accessTokenHeaderBreakages,
  ...accessTokenClaimsBreakages,
  ...requestedTokenBreakages,
  ...tokenSignatureBreakages,
  ...resourceIndicatorBreakages,
  ...jwkSetBreakages,
  ...metadataBreakages,
  ...announcementBreakages,
  ...bearerTokenBreakages,
  ...validationBreakages,
  ...signatureBreakages,
  ...foreignKeyBreakages,
  ...errorCodeBreakages,
  ...challengeBreakages,
  ...neededScopeBreakages,
  ...protectedResourceBreakages,
  ...tokenSizeBreakages,
  ...revocationListBreakages,
  ...revocationBreakages,
  ...introspectionBreakages,
  ...bestPracticeBreakages,
  ...fapiBreakages,
  ...mcpBreakages,
  ...extensionBreakages,
  ...bruteForceBreakages,
};
