import type { CertificateToken, DpopToken } from '../tokens/token-props.ts';

/** A call of an API. */
export interface CallProps {
  /** The route key of API Gateway, such as `GET /orders/{id}`. */
  readonly route: string;
  /** What the client has in place of the route's parameters, such as `{ id: '7' }`. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Of a route of `ANY`, and of `$default`. @default 'GET' */
  readonly method?: string;
  /** @default the route's, with the parameters filled in; `/` for `$default` */
  readonly path?: string;
  /** A bound token brings along a proof for this very call, or its certificate. @default none */
  readonly token?: string | DpopToken | CertificateToken;
  /** What the API has sent as `DPoP-Nonce`, for the proof. */
  readonly nonce?: string;
  /** The client's certificate, in PEM. @default that of the token, if it is bound to one */
  readonly certificate?: string;
  /** In place of those that the call would have, too. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** A text as it is; anything else as JSON. */
  readonly body?: unknown;
  /** Where clients reach the API, no slash at its end. @default the audience of the issuer, if it is a URL */
  readonly publicUrl?: string;
  /** @default 'testapi000', which the guard's environment has too */
  readonly apiId?: string;
  /**
   * Whether an authorizer in front of the function has let the call in: the event then has what it tells.
   * The token is verified for that as the authorizer does it, but for proofs and certificates.
   * @default false
   */
  readonly authorized?: boolean;
}
