import type { Client } from '../../oauth/client.ts';
import type { SecretRotation } from './journey.ts';

/** What a secret is tried out with. */
export interface TokenTrial {
  readonly token_endpoint: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Milliseconds: a cold start of the token function, twice. */
const timeLimit = 10_000;

/**
 * Makes what gets a token by a client's secret (RFC 6749 §4.4), which it forgets at once. The secret goes to the
 * endpoint of this deployment, whatever is written beside it.
 */
export function tokenTrial({ token_endpoint, fetch }: TokenTrial): SecretRotation['tryOut'] {
  return async (client, client_secret) => {
    const response = await fetch(token_endpoint, {
      ...requestBy(client, client_secret),
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimit),
    }).catch((error: unknown) => {
      throw new Error(`the token endpoint ${token_endpoint} cannot be reached: ${causeOf(error)}`);
    });
    const error = await errorIn(response);
    const { error: expected, because } = answerFor(client);
    if (response.ok ? expected === undefined : error !== undefined && error === expected) return;
    throw new Error(
      `the token endpoint ${token_endpoint} answers the new secret of the client ${client.client_id} with ${response.status} ${error ?? 'and no error'}${because}${meaningOf(response.status)}`,
    );
  };
}

function requestBy(client: Client, client_secret: string) {
  const { client_id, token_endpoint_auth_method: method, grants } = client;
  const [resource] = grants.keys();
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(resource !== undefined && { resource }),
    ...(method === 'client_secret_post' && { client_id, client_secret }),
  });
  if (method === 'client_secret_post') return { body: form };
  // RFC 6749 Appendix B: both halves are form-encoded before they are joined.
  const [user, password] = [client_id, client_secret].map(encodeURIComponent);
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return { body: form, headers: { authorization: `Basic ${credentials}` } };
}

interface Answer {
  /** The error that only a client gets which has authenticated; absent: it gets a token. */
  readonly error?: string;
  readonly because: string;
}

/**
 * What the right secret is answered with. A client whose tokens are bound, or that has no grant, gets none here:
 * it is refused for that after it has authenticated, which is what is tried out.
 */
function answerFor(client: Client): Answer {
  if (client.tls_client_certificate_bound_access_tokens) {
    return {
      error: 'invalid_request',
      because: ', where a certificate was expected to be asked for',
    };
  }
  if (client.dpop_bound_access_tokens) {
    return {
      error: 'invalid_dpop_proof',
      because: ', where a DPoP proof was expected to be asked for',
    };
  }
  if (client.grants.size === 0) {
    return { error: 'invalid_target', because: ', where a grant was expected to be missed' };
  }
  return { because: '' };
}

/** The error code of an answer; nothing else of it can come into a log. */
async function errorIn(response: Response): Promise<string | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  const { error } = { error: undefined, ...(body as { error?: unknown } | undefined) };
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}

const meanings: Readonly<Record<number, string>> = {
  400: ': look for this request in the log of the token function',
  401: ': the secret was revoked meanwhile, or the profile of the deployment takes no secrets',
  403: ': what stands before it lets nobody in without a client certificate, or not from here',
  429: ': too many requests; this step can be run again',
  503: ': it is in trouble; this step can be run again',
};

const meaningOf = (status: number): string => meanings[status] ?? '';

/** Node's fetch says what is wrong in the cause. */
function causeOf(error: unknown): string {
  const { name, cause } = error instanceof Error ? error : new Error();
  return cause instanceof Error && 'code' in cause ? String(cause.code) : name;
}
