import type { DeclaredClient, DeclaredResourceServer } from './declaration.ts';

/** How a member of a record changes; absent: it is not there. Nothing of it is secret. */
export interface FieldChange {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

interface AnyChange {
  /** `client_id`, or the identifier as it is registered. */
  readonly id: string;
  readonly fields: readonly FieldChange[];
  /** The state of the record that the change was planned for; absent: there was none. */
  readonly seen?: string | undefined;
  /** Who owns the record from then on. */
  readonly owner?: string | undefined;
}

interface ClientChange extends AnyChange {
  readonly kind: 'client';
  readonly action: 'create' | 'update';
  readonly declared: DeclaredClient;
}

interface ResourceServerChange extends AnyChange {
  readonly kind: 'resource_server';
  readonly action: 'create' | 'update';
  readonly declared: DeclaredResourceServer;
}

/** That a record is deleted, and its tokens are revoked. */
export interface Deletion extends AnyChange {
  readonly kind: 'client' | 'resource_server';
  readonly action: 'delete';
  /** Whether it is the default resource server. */
  readonly isDefault: boolean;
}

/** What is to be done to one record, so that it is as declared. */
export type Change = ClientChange | ResourceServerChange | Deletion;
