import type { Answer, Outgoing, TlsIdentity } from '../../cli/io/http.ts';
import type { EndpointName } from './endpoints.ts';
import type { ClientName, ResourceName, ThrowAwayClient } from './throw-away.ts';

/** One rule of a standard that can be seen from outside. */
export interface ConformanceCase {
  /** Its number; several cases may show parts of one rule. */
  readonly rule: string;
  /** Where the standard has it, as in `RFC 6749 §3.2`. */
  readonly section: string;
  /** A sentence of the standard; with the rule, the name of the case. */
  readonly title: string;
  /** The clients that have to be registered for it. */
  readonly uses?: readonly ClientName[];
  /** Whether it calls the API behind the authorizer. */
  readonly callsApi?: boolean;
  /** Whether it shows a client certificate, which the deployment has to trust. */
  readonly showsCertificate?: boolean;
  /**
   * Whether its clients show what their tokens are to be bound to, so that it can judge a deployment
   * which issues no other tokens, and to no clients with secrets.
   */
  readonly provesPossession?: boolean;
  /** Whether it would disturb others, or they it: it runs after them, by itself. */
  readonly alone?: boolean;
  /** Seconds that it may have to wait for something to happen, beside its time limit. */
  readonly waits?: number;
  /**
   * Returns when the deployment conforms.
   * @throws Nonconformity or NoAnswer when it does not; NotOffered when the rule is about something
   * that it does not offer; NotCovered when it does something that the case cannot judge
   */
  run(deployment: Deployment): Promise<void>;
}

/** A deployment as a case sees it. Whatever is sent and seen becomes part of the report. */
export interface Deployment {
  readonly issuer: string;
  /**
   * Where its metadata says that this endpoint is.
   * @throws Nonconformity when it does not say
   */
  endpoint(name: EndpointName): URL;
  /** The URL of the API behind the authorizer; only for cases that say `callsApi`. */
  readonly api: string;
  /** The same as proofs have to name it (RFC 9449 §4.2, `htu`). */
  readonly apiHtu: string;
  /** A registered client; only one that the case says it uses. */
  client(name: ClientName): ThrowAwayClient;
  /**
   * What is shown at a TLS handshake; only for cases that say `showsCertificate`.
   * @throws NotCovered when there is none
   */
  certificate(): TlsIdentity;
  /** The identifier of a resource server of the throw-away clients. */
  resource(name: ResourceName): string;
  /** NumericDate. */
  now(): number;
  /** Lets seconds pass. */
  wait(seconds: number): Promise<void>;
  /** @throws NoAnswer */
  send(outgoing: Outgoing): Promise<Answer>;
  /** Puts on record what was found in an answer, as claims in a token. */
  saw(what: string): void;
}

/** What a deployment does otherwise than the rule says. The message is a sentence without a full stop. */
export class Nonconformity extends Error {
  override readonly name = 'Nonconformity';
}

/** Why a rule does not apply to a deployment. The message is a sentence without a full stop. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered';
}

/** Why the suite cannot judge what a deployment does. The message is a sentence without a full stop. */
export class NotCovered extends Error {
  override readonly name = 'NotCovered';
}

/**
 * Ends the case unless the condition holds.
 * @throws Nonconformity with what is then the case
 */
export function check(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Nonconformity(otherwise);
}

/**
 * Ends the case unless both are the same, as JSON shows them.
 * @throws Nonconformity
 */
export function checkSame(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(found === wanted, `${what} is ${found ?? 'missing'}, not ${wanted}`);
}
