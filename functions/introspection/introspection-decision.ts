import {
  type AskingClient,
  authenticate,
  type ClientAuthentication,
} from '../authentication/client-authentication.ts';
import type { Decision } from '../authentication/client-endpoint.ts';
import type { KeyProofChecks } from '../authentication/key-proof.ts';
import type { Records } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import type { OwnAccessToken } from '../oauth/own-access-token.ts';
import { activeToken, type MaySee, type TokenChecks } from './active-token.ts';
import type { IntrospectionRequest } from './request.ts';

/** What is to be said of a token, and to whom. */
export interface DecidedIntrospection extends Decision {
  readonly request: IntrospectionRequest;
  /** Who asks. */
  readonly client_id: string;
  /** The token, or for the log why it cannot be used. */
  readonly token: OwnAccessToken | string;
}

/**
 * Decides what a client learns of a token (RFC 7662 §2): it must be one that is registered for some resource server.
 * @throws OAuthError, also `unauthorized_client`; RetryLater when it cannot be told
 */
export async function decideIntrospection(
  request: IntrospectionRequest,
  asking: AskingClient,
  clients: Records<Client>,
  endpoint: ClientAuthentication & KeyProofChecks & TokenChecks,
): Promise<DecidedIntrospection> {
  const { client, proof, singleUses } = await authenticate(asking, clients, endpoint);
  const nonce = proof && (await endpoint.nonces.issue());
  checkMayAsk(client);
  const token = await activeToken(request.token, seenBy(client, endpoint.records), endpoint);
  return { request, client_id: client.client_id, token, nonce, singleUses };
}

/** @throws OAuthError `unauthorized_client` */
function checkMayAsk({ introspection_resources }: Client): void {
  if (introspection_resources.length > 0) return;
  throw new OAuthError('unauthorized_client', 'the client may not ask about tokens');
}

/** By the registry as it is now, where the record at hand says no: what was registered a moment ago counts at once. */
const seenBy =
  ({ client_id, introspection_resources }: Client, { clients }: TokenChecks['records']): MaySee =>
  async (aud) =>
    introspection_resources.includes(aud) ||
    (await clients.read(client_id))?.introspection_resources.includes(aud) === true;
