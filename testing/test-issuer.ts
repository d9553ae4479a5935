import type { SigningAlgorithmName } from '../functions/aws/signing-algorithms.ts';
import type { CallProps } from './events/call-props.ts';
import type { HttpApiEvent } from './events/http-api-event.ts';
import type { RestApiEvent } from './events/rest-api-event.ts';
import type { GuardEnvironmentProps } from './guard-environment.ts';
import type {
  AnyTestToken,
  CertificateToken,
  CertificateTokenProps,
  DpopToken,
  PublishedTestJwk,
  TokenProps,
} from './tokens/token-props.ts';
import type { WrongToken } from './tokens/wrong-token-names.ts';

/** What an issuer says in its tokens where they do not say otherwise. */
export interface TestIssuerProps {
  /**
   * Its identifier, for code that gets the keys from `jwks`. One with an identifier of its own cannot listen.
   * @default 'https://issuer.example', and where it listens once it does
   */
  readonly issuer?: string;
  /** The API that tokens are for. @default 'https://api.example.com' */
  readonly audience?: string;
  /** @default 'test-client' */
  readonly client_id?: string;
  /** Seconds that tokens live. @default 3600 */
  readonly lifetime?: number;
  /** What signs the tokens. @default 'RS256' */
  readonly algorithm?: SigningAlgorithmName;
  /** The clock, a NumericDate. @default that of this computer */
  readonly now?: () => number;
}

/** An issuer with its keys, for tests: it makes tokens as a deployment does. */
export interface TestIssuer {
  /** Its identifier, the `iss` of its tokens. */
  readonly issuer: string;
  /** Its JWK Set (RFC 7517 §5), with one key. */
  readonly jwks: { keys: PublishedTestJwk[] };
  /** Makes a token. */
  token(props?: TokenProps): Promise<string>;
  /** Makes a token that is wrong in one way, which every API has to refuse. */
  wrongToken(wrong: WrongToken, props?: TokenProps): Promise<string>;
  /** Makes a token that is bound to a key, and what makes its proofs. */
  dpopToken(props?: TokenProps): Promise<DpopToken>;
  /** Makes a token that is bound to a client's certificate. */
  certificateToken(props?: CertificateTokenProps): Promise<CertificateToken>;
  /**
   * Has a token be revoked, as `POST /revoke` does. A guard whose environment has `refuseRevoked` refuses it from
   * then on.
   */
  revoke(token: AnyTestToken): Promise<void>;
  /** Makes the event that an HTTP API sends to its function (payload 2.0), or the type that you name. */
  httpApiEvent<Event = HttpApiEvent>(call: CallProps): Promise<Event>;
  /** Makes the event that a REST API sends to its function, or the type that you name. */
  restApiEvent<Event = RestApiEvent>(call: CallProps): Promise<Event>;
  /**
   * Publishes metadata, keys and the revocation list at a free port of 127.0.0.1, and is a store of used proofs for a guard. From
   * then on `issuer` is there: do it before the first token.
   */
  listen(): Promise<void>;
  /** The environment of a function whose AccessTokenGuard trusts this issuer, which has to listen. */
  guardEnvironment(props: GuardEnvironmentProps): Readonly<Record<string, string>>;
  /** Stops listening. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
