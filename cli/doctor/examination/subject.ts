import type { Stranger } from '../../../functions/key-rotation/left-behind.ts';
import type { Client } from '../../../functions/oauth/client.ts';
import type { TemplateSource } from '../template/template-source.ts';

/** What is examined, and with what. */
export interface Subject {
  /** The issuer identifier, to the byte. */
  readonly issuer: string;
  /** Guarded routes of APIs. */
  readonly apis: readonly URL[];
  /** The templates of the stacks that are known. */
  readonly templates: readonly TemplateSource[];
  /**
   * A client to get a token with.
   * @throws CannotCheck when there is none
   */
  readonly client: () => Promise<Credentials>;
  /** The registered clients; absent: they cannot be listed. */
  readonly clients?: (() => Promise<readonly Client[]>) | undefined;
  /**
   * Keys that others have tagged as those of the deployment; undefined: KMS did not tell.
   * @default nobody can be asked
   */
  readonly strangers?: (() => Promise<readonly Stranger[] | undefined>) | undefined;
  /** Seconds within which the APIs should refuse a revoked token; absent: nobody says that they should. */
  readonly refuseRevokedWithin?: number | undefined;
  /** Tells what is being waited for. */
  readonly progress?: ((sentence: string) => void) | undefined;
  /** NumericDate. */
  readonly now: () => number;
  /** Milliseconds for one request, and to wait for an effect; a check has three times as many. */
  readonly limit: number;
}

/** A client's id and secret, and the resource server that it asks for a token for. */
export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
  /** @default the one that it has a grant for */
  readonly resource?: string | undefined;
  /** Whether it is registered for the examination alone, so that nobody misses a token of its. */
  readonly isThrowAway?: boolean;
}
