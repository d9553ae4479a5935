import type { Client, ClientSecret } from '../functions/oauth/client.ts';
import { isSecretMethod } from './client-authentication.ts';
import { isExpired } from './client-secrets.ts';

/** A secret that ends soon. */
export interface ExpiringSecret extends ClientSecret {
  readonly expires_at: number;
  /** Whether another secret of the client works on, so that nobody has to do anything. */
  readonly isReplaced: boolean;
}

/**
 * The secrets of a client that end within some seconds of a NumericDate, in the order in which they do. What has
 * expired, and what its method does not use, ends no more. A secret is replaced where another one of the client
 * works beyond that time: a rotation has given it its end, or a person who has added a newer one.
 */
export function expiringSecrets(
  client: Client,
  { now, within }: { readonly now: number; readonly within: number },
): readonly ExpiringSecret[] {
  if (!isSecretMethod(client.token_endpoint_auth_method)) return [];
  const until = now + within;
  const living = client.secrets.filter((secret) => !isExpired(secret, now));
  const isReplaced = living.some((secret) => !isExpired(secret, until));
  return living
    .flatMap((secret) => {
      const { expires_at } = secret;
      return expires_at === undefined || expires_at > until
        ? []
        : [{ ...secret, expires_at, isReplaced }];
    })
    .toSorted((a, b) => a.expires_at - b.expires_at);
}

/** Whether a client will be without any secret within some seconds, and somebody has to do something. */
export const losesItsSecrets = (
  client: Client,
  time: { readonly now: number; readonly within: number },
): boolean =>
  !client.disabled && expiringSecrets(client, time).some(({ isReplaced }) => !isReplaced);
