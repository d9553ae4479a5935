/**
 * The types of tokens that owners see. They name no type of a package that an owner need not have.
 */

/** A public key as a JWK (RFC 7517 §4). */
export interface TestJwk {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  [member: string]: unknown;
}

/** A public key as the JWK Set of an issuer has it. */
export interface PublishedTestJwk extends TestJwk {
  kid: string;
  alg: string;
  use: 'sig';
}

/** What a token is to say. */
export interface TokenProps {
  /**
   * Its scope-tokens, as a list or parted by spaces.
   * @default none: such a token may call the routes that need no scope
   */
  readonly scope?: string | readonly string[];
  /** @default that of the issuer */
  readonly audience?: string;
  /** @default that of the issuer */
  readonly client_id?: string;
  /** Seconds. @default that of the issuer */
  readonly lifetime?: number;
  /** Claims that take the place of others; one that is undefined is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The request that a DPoP proof is made for (RFC 9449 §4.2). */
export interface ProofProps {
  readonly method: string;
  /** Query and fragment do not count. */
  readonly url: string;
  /** What the API has sent as `DPoP-Nonce`. */
  readonly nonce?: string;
  /** Claims that take the place of others; one that is undefined is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token that is bound to a key (RFC 9449). */
export interface DpopToken {
  readonly access_token: string;
  /** The public key. */
  readonly jwk: TestJwk;
  /** Makes a proof with the key and this token. Each is good for one request. */
  proof(request: ProofProps): Promise<string>;
}

/** A token that is bound to a certificate (RFC 8705 §3). */
export interface CertificateToken {
  readonly access_token: string;
  /** In PEM. */
  readonly certificate: string;
}

/** What a token is to say, and the certificate that it is bound to. */
export interface CertificateTokenProps extends TokenProps {
  /** In PEM. @default testCertificate */
  readonly certificate?: string;
}

/** A token of testIssuer(), with what makes its proofs or without. */
export type AnyTestToken = string | { readonly access_token: string };
