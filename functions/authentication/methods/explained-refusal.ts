import { notAuthenticated, OAuthError } from '../../oauth/oauth-error.ts';

/** What is wrong with a client, or with what it has shown. */
export interface Problem {
  /** For the log, and for the client. */
  readonly text: string;
  /** What the client has said in place of what is right. The log quotes nothing of a request. */
  readonly actual?: string | undefined;
}

/**
 * The refusal of a client that has shown who it is, and is refused all the same. It says why (RFC 7521 §4.2.1). For
 * nobody else: what is wrong with a client is not for strangers.
 */
export class ExplainedRefusal extends OAuthError {
  override readonly name = 'ExplainedRefusal';

  constructor({ text, actual }: Problem) {
    const why = actual === undefined ? text : `${text}; ${actual}`;
    // RFC 6749 §5.2; what a client says of itself may have other characters.
    const visible = why.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, '?');
    super('invalid_client', `${notAuthenticated}: ${visible}`, { cause: text });
  }
}
