import { invalidToken } from '../oauth/oauth-error.ts';
import { type Confirm, withoutProof } from './confirmation.ts';

/**
 * For an authorizer that cannot check possession: it takes bearer tokens alone (RFC 9449 §7.2, RFC 8705
 * §3). In a file of its own, which keeps proofs and certificates out of the bundle.
 */
export const bearerTokensAlone: Confirm = async ({ cnf }, { scheme }) => {
  if (cnf === undefined && scheme === 'Bearer') return withoutProof;
  throw invalidToken(
    cnf ? 'the token is bound to a key or a certificate (cnf)' : 'a token under DPoP',
  );
};
