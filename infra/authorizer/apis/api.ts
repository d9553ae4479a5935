/** An authorizer of an API, whatever it calls. */
export interface ApiAuthorizer {
  /** The name of its API, as its routes have it. */
  readonly api: string;
  /** What routes call it. */
  readonly name: string;
  /** What a person calls it. */
  readonly path: string;
  readonly kind: 'HTTP' | 'REST';
  readonly type: 'TOKEN' | 'REQUEST' | 'UNKNOWN';
  /** For how long API Gateway keeps an answer; NaN: nobody knows until the deployment. */
  readonly seconds: number;
  /** Written as they are for this kind of API. */
  readonly identitySources: readonly string[];
  /** All that it says, the function that it calls among it. */
  readonly text: string;
}

/** A route of an HTTP API, or a method of a REST API. */
export interface ApiRoute {
  readonly kind: 'HTTP' | 'REST';
  /** The name of its API, or whatever else identifies it. */
  readonly api: string;
  /** What a person calls it. */
  readonly path: string;
  /** Such as `GET /orders/{id}`; undefined: known at the deployment alone. */
  readonly key: string | undefined;
  /** What each way in takes, references to authorizers among it; empty: nothing. One will do. */
  readonly ways: readonly string[];
  /** References to what it calls. */
  readonly target: string;
}

/** Reads for how long an answer is kept. Of what is no time, nobody knows what API Gateway makes of it. */
export function secondsOf(ttl: unknown): number {
  const isTime = /^\d+$/.test(String(ttl)) && (typeof ttl === 'number' || typeof ttl === 'string');
  return isTime ? Number(ttl) : Number.NaN;
}

/** The name of the API that a property refers to; if it is of another app, what it is called here. */
export const apiNameOf = (reference: string): string =>
  /^<([^<>]+#\w+)(?:\.\w+)?>$/.exec(reference)?.[1] ?? reference;
