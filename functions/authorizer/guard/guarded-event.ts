/** What a guard tells a handler of the token, every value a text; the same as an authorizer does. */
export interface AccessTokenContext {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly jti: string;
  /** Parted by spaces; empty where there is none. */
  readonly scope: string;
  /** A NumericDate. */
  readonly exp: string;
  /** What the token is bound to, as JSON; absent: nothing. */
  readonly cnf?: string;
  /** The claims that the token's owner has added, as base64url of JSON; absent: there are none, or too many. */
  readonly customClaims?: string;
  /** For the client's next DPoP proof; the guard adds it to the response by itself. */
  readonly dpopNonce?: string;
}

/**
 * The event of a guarded handler: what an HTTP API sends (payload format 2.0), and what the guard tells. For a
 * handler that has no type of its own; any other type of event will do as well.
 */
export interface GuardedEvent {
  readonly version: string;
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly stageVariables?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authorizer: { readonly lambda: AccessTokenContext };
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}
