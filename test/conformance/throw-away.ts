import type { AuthMethod } from '../../functions/oauth/client.ts';
import type { ClientKey } from './client-key.ts';

/** A client that the suite has registered for its own use. */
export interface ThrowAwayClient {
  readonly client_id: string;
  /** Empty where it proves itself by a key. */
  readonly client_secret: string;
  /** Absent where it proves itself by a secret. */
  readonly key?: ClientKey;
}

/** What is registered for a client. */
export interface ClientPlan {
  /** @default 'client_secret_basic' */
  readonly authMethod?: AuthMethod;
  /** Whether the certificate that the suite shows is its own. */
  readonly isCertified?: boolean;
  /** What its tokens have to be bound to. */
  readonly boundTo?: 'key' | 'certificate';
  /** Seconds. */
  readonly tokenLifetime?: number;
  /** Resource server -> scope. `api` is the API behind the authorizer, `*` all of its scope. */
  readonly grants: Readonly<Partial<Record<ResourceName | 'api', string>>>;
  /** The resource servers about whose tokens it may ask. */
  readonly introspects?: readonly ResourceName[];
  readonly afterwards?: 'disable' | 'replace the secret' | 'add a secret that expires';
}

/** What is registered for a resource server. */
interface ResourcePlan {
  readonly scope: string;
  /** Seconds. */
  readonly tokenLifetime?: number;
}

export type ResourceName = 'orders' | 'ledger';

/** The suite's own resource servers. Both know `orders:read`. */
export const resourcePlans: Readonly<Record<ResourceName, ResourcePlan>> = {
  orders: { scope: 'orders:read orders:write' },
  ledger: { scope: 'ledger:read orders:read', tokenLifetime: 600 },
};

const clientPlans = {
  /** May do everything at orders. */
  basic: { grants: { orders: 'orders:read orders:write' } },
  /** Authenticates in the body. */
  post: { authMethod: 'client_secret_post', grants: { orders: 'orders:read' } },
  /** Has two grants, which have `orders:read` in common. */
  several: { grants: { orders: 'orders:read orders:write', ledger: 'ledger:read orders:read' } },
  /** Its grant has no scope. */
  bare: { grants: { orders: '' } },
  /** Its tokens live for a minute. */
  brief: { tokenLifetime: 60, grants: { orders: 'orders:read' } },
  /** Its only grant is for the resource server whose tokens live for ten minutes. */
  bookkeeper: { grants: { ledger: 'ledger:read' } },
  disabled: { grants: { orders: 'orders:read' }, afterwards: 'disable' },
  /** The secret that the suite knows is revoked; it has another one. */
  revoked: { grants: { orders: 'orders:read' }, afterwards: 'replace the secret' },
  /** The secret that the suite knows has expired; it has another one. */
  expired: { grants: { orders: 'orders:read' }, afterwards: 'add a secret that expires' },
  /** Is there to have its secret guessed until it is locked out. */
  guessed: { grants: { orders: 'orders:read' } },
  /** Authenticates by assertions; so do the three behind it, which share its wrong ones. */
  signer: { authMethod: 'private_key_jwt', grants: { orders: 'orders:read' } },
  /** Has assertions made out to others, and for other times. */
  timer: { authMethod: 'private_key_jwt', grants: { orders: 'orders:read' } },
  /** Has its assertions forged. */
  forged: { authMethod: 'private_key_jwt', grants: { orders: 'orders:read' } },
  /** Has malformed assertions, and such of other types. */
  typist: { authMethod: 'private_key_jwt', grants: { orders: 'orders:read' } },
  /** Authenticates by the subject of the certificate that the suite shows. */
  subject: {
    authMethod: 'tls_client_auth',
    isCertified: true,
    grants: { orders: 'orders:read' },
  },
  /** Does so by the subject of another certificate. */
  unlike: { authMethod: 'tls_client_auth', grants: { orders: 'orders:read' } },
  /** Authenticates by the key in the certificate that the suite shows. */
  certified: {
    authMethod: 'self_signed_tls_client_auth',
    isCertified: true,
    grants: { orders: 'orders:read' },
  },
  /** Does so by the key in another certificate. */
  uncertified: { authMethod: 'self_signed_tls_client_auth', grants: { orders: 'orders:read' } },
  /** Gets tokens that are bound to its key, and no others (RFC 9449 §5.2). */
  keyed: { authMethod: 'private_key_jwt', boundTo: 'key', grants: { orders: 'orders:read' } },
  /** The same at the API behind the authorizer, where it may do everything. */
  keyholder: { authMethod: 'private_key_jwt', boundTo: 'key', grants: { api: '*' } },
  /** Gets tokens that are bound to its certificate, and no others (RFC 8705 §3). */
  sealed: {
    authMethod: 'private_key_jwt',
    boundTo: 'certificate',
    grants: { orders: 'orders:read' },
  },
  /** The same at the API behind the authorizer, where it may do everything. */
  sealholder: { authMethod: 'private_key_jwt', boundTo: 'certificate', grants: { api: '*' } },
  /** May do everything at the API behind the authorizer. */
  caller: { grants: { api: '*' } },
  /** The same, with tokens that live for a minute. */
  passing: { tokenLifetime: 60, grants: { api: '*' } },
  /** Asks what tokens for orders are worth, and gets none itself. */
  asker: { grants: {}, introspects: ['orders'] },
  /** Gets tokens for the API behind the authorizer, without scope. */
  onlooker: { grants: { api: '' } },
} as const satisfies Readonly<Record<string, ClientPlan>>;

export type ClientName = keyof typeof clientPlans;

/** What is registered for one of the suite's own clients. */
export const planOf = (name: ClientName): ClientPlan => clientPlans[name];
