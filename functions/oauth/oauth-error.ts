/**
 * The error codes on the wire: RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 8707 §2, RFC 6750 §3.1, RFC 9449 §12.2. For 429 and
 * 503, where the standards have none, `temporarily_unavailable` of RFC 6749 §4.1.2.1.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_token'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'temporarily_unavailable';

/**
 * A refusal. The message is public and goes out as `error_description`; the `cause` is private
 * and goes to the log alone.
 */
export class OAuthError extends Error {
  override readonly name: string = 'OAuthError';
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string, options?: ErrorOptions) {
    super(description, options);
    this.code = code;
  }
}

/** A refusal that a later try may not meet: 429 or 503 with Retry-After (RFC 9110 §10.2.3). */
export class RetryLater extends OAuthError {
  override readonly name = 'RetryLater';
  readonly status: 429 | 503;
  /** Seconds. */
  readonly retryAfter: number;

  constructor(status: 429 | 503, retryAfter: number, options?: ErrorOptions) {
    super('temporarily_unavailable', 'no answer can be given now, try again later', options);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** For a store or a key that does not answer: nothing is issued (fail closed). */
export const unavailable = (cause: unknown): RetryLater => new RetryLater(503, 2, { cause });

/**
 * For published keys that cannot be had now: the fault of whoever publishes them, and not of the client.
 * It has a class of its own, since the client may have been given other keys by now.
 */
export class KeysUnavailable extends RetryLater {
  constructor(retryAfter: number, cause: unknown) {
    super(503, retryAfter, { cause });
  }
}

/** What every failed client authentication is told. */
export const notAuthenticated = 'client authentication failed';

/** The refusal of every failed client authentication (RFC 6749 §5.2); only the log tells them apart. */
export const invalidClient = (cause: unknown): OAuthError =>
  new OAuthError('invalid_client', notAuthenticated, { cause });

/** The refusal where no key fits: 503 where the keys cannot be had, and else the client's fault. */
export const noKeyFits = (reason: unknown): OAuthError =>
  reason instanceof KeysUnavailable ? reason : invalidClient(reason);

/** The refusal of every access token that is not valid (RFC 6750 §3.1); only the log tells why. */
export const invalidToken = (cause: string): OAuthError =>
  new OAuthError('invalid_token', 'the access token is not valid', { cause });

/** The refusal of a DPoP proof without a good nonce. It carries the nonce for the next try (RFC 9449 §8). */
export class UseDpopNonce extends OAuthError {
  override readonly name = 'UseDpopNonce';
  readonly nonce: string;

  constructor(nonce: string) {
    super('use_dpop_nonce', 'the DPoP proof needs a nonce of this server');
    this.nonce = nonce;
  }
}

/** The refusal of a DPoP proof (RFC 9449 §5, §7.1). It says why: the client has made the proof itself. */
export const invalidProof = (problem: string, options?: ErrorOptions): OAuthError =>
  new OAuthError('invalid_dpop_proof', `the DPoP proof is not valid: ${problem}`, options);
