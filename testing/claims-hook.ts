import type {
  ClaimsHook,
  ClaimsHookClient,
  ClaimsHookRequest,
  HookOutcome,
} from '../functions/claims-hook/hook.ts';
import { runHook } from '../functions/claims-hook/run-hook.ts';

/** What a hook is to hear. */
export interface ClaimsHookCall {
  /** @default a client `test-client` with a secret, and without claims */
  readonly client?: Partial<ClaimsHookClient>;
  /** @default a bearer token for `https://api.example.com`, without scope */
  readonly request?: Partial<ClaimsHookRequest>;
  /** Milliseconds. @default 200, as in a deployment */
  readonly timeout?: number;
}

/**
 * Asks a hook as the token function does: with the same time limit, and the same checks of what it answers.
 * @returns the claims; or the sentence that the client is told; or what the log says of a hook that has failed
 * @example
 * const outcome = await runClaimsHook(hook, { client: { client_id: 'acme-billing' } });
 * assert.deepEqual(outcome, { claims: { tenant: 'acme' } });
 */
export const runClaimsHook = (
  hook: ClaimsHook,
  { client, request, timeout = 200 }: ClaimsHookCall = {},
): Promise<HookOutcome> =>
  runHook(
    hook,
    {
      client: {
        client_id: 'test-client',
        client_name: 'Test client',
        token_endpoint_auth_method: 'client_secret_basic',
        claims: {},
        ...client,
      },
      request: {
        resource: 'https://api.example.com',
        scope: [],
        grant_type: 'client_credentials',
        ...request,
      },
    },
    timeout,
  );
