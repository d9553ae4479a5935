import { randomBytes } from 'node:crypto';
import { type Authorizing, contextOf } from './events/authorizer-context.ts';
import { type Call, callOf } from './events/call.ts';
import type { CallProps } from './events/call-props.ts';
import { type EventContext, httpApiEvent } from './events/http-api-event.ts';
import { restApiEvent } from './events/rest-api-event.ts';
import { guardEnvironment } from './guard-environment.ts';
import { issuerDocuments } from './loopback/issuer-documents.ts';
import { startLoopback } from './loopback/loopback.ts';
import { placeOf } from './loopback/place.ts';
import { revocationList } from './loopback/revocation-list.ts';
import { publicUrlOf, readSettings } from './settings.ts';
import type { TestIssuer, TestIssuerProps } from './test-issuer.ts';
import { accessToken, type TokenMaker } from './tokens/access-token.ts';
import { certificateToken, dpopToken } from './tokens/bound-tokens.ts';
import { revokedTokens } from './tokens/revoked-tokens.ts';
import { testSigningKey } from './tokens/signing-key.ts';
import { wrongToken } from './tokens/wrong-tokens.ts';

export type {
  ClaimsHook,
  ClaimsHookAnswer,
  ClaimsHookClient,
  ClaimsHookRequest,
  ClaimsRefusal,
  HookOutcome,
} from '../functions/claims-hook/hook.ts';
export { type ClaimsHookCall, runClaimsHook } from './claims-hook.ts';
export type { CallProps } from './events/call-props.ts';
export type { AuthorizerContext, HttpApiEvent } from './events/http-api-event.ts';
export type { RestApiEvent } from './events/rest-api-event.ts';
export type { GuardEnvironmentProps } from './guard-environment.ts';
export type { TestIssuer, TestIssuerProps } from './test-issuer.ts';
export { otherTestCertificate, testCertificate } from './tokens/certificates.ts';
export type {
  AnyTestToken,
  CertificateToken,
  CertificateTokenProps,
  DpopToken,
  ProofProps,
  PublishedTestJwk,
  TestJwk,
  TokenProps,
} from './tokens/token-props.ts';
export { type WrongToken, wrongTokens } from './tokens/wrong-token-names.ts';

/**
 * Makes an issuer with a key of its own, for the tests of an API. Nothing listens, unless `listen()` is called.
 * @throws Error, one sentence, when a property is wrong
 * @example
 * const issuer = await testIssuer();
 * const token = await issuer.token({ scope: 'orders:read' });
 */
export async function testIssuer(props: TestIssuerProps = {}): Promise<TestIssuer> {
  const settings = readSettings(props);
  const key = await testSigningKey(settings.algorithm);
  // Nobody else on this computer knows it.
  const accessKeyId = randomBytes(10).toString('hex').toUpperCase();
  const revoked = revokedTokens();
  const place = placeOf(settings.issuer, () =>
    startLoopback({
      documents: (url) => issuerDocuments(url, key.jwk),
      list: (url) => revocationList(url, revoked, { ...settings, key }),
      accessKeyId,
    }),
  );
  const { close } = place;
  return {
    get issuer() {
      return place.issuer;
    },
    jwks: { keys: [key.jwk] },
    ...tokensOf(() => ({ ...settings, key, issuer: place.settle() })),
    ...eventsOf(() => ({ ...settings, key, issuer: place.issuer })),
    revoke: async (token) => revoked.add(token, place.issuer),
    listen: place.listen,
    guardEnvironment(guard) {
      if (!place.isListening) {
        throw new Error('the issuer does not listen: call await issuer.listen() before.');
      }
      return guardEnvironment(guard, { ...settings, issuer: place.issuer, accessKeyId });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The part that makes tokens. */
function tokensOf(
  maker: () => TokenMaker,
): Pick<TestIssuer, 'token' | 'wrongToken' | 'dpopToken' | 'certificateToken'> {
  return {
    token: async (props = {}) => accessToken(maker(), props),
    wrongToken: async (wrong, props = {}) => wrongToken(wrong, maker(), props),
    dpopToken: async (props = {}) => dpopToken(maker(), props),
    certificateToken: async (props = {}) => certificateToken(maker(), props),
  };
}

/** The part that makes events. */
function eventsOf(
  authorizing: () => Authorizing,
): Pick<TestIssuer, 'httpApiEvent' | 'restApiEvent'> {
  const made = async <Event>(props: CallProps, write: WriteEvent): Promise<Event> => {
    const issuer = authorizing();
    const call = await callOf(props, publicUrlOf(issuer.audience));
    const context = await contextOf(props, issuer);
    // The owner says which type his handler takes.
    return write(call, { now: issuer.now(), context }) as Event;
  };
  return {
    httpApiEvent: (call) => made(call, httpApiEvent),
    restApiEvent: (call) => made(call, restApiEvent),
  };
}

type WriteEvent = (call: Call, about: EventContext) => unknown;
