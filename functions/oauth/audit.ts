/** What the log says of one decision: never a secret, a token, an assertion or a whole event. */
export type AuditEntry = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one decision to the log. */
export type Audit = (entry: AuditEntry) => void;

/** The private reason of a refusal or a failure, as text for the log. */
export function reason(error: unknown): string {
  const cause = lastCause(error);
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

/** What a refusal or a failure comes from in the end: an error, or what is said in place of one. */
export function lastCause(error: unknown): unknown {
  const cause = causeOf(error);
  return cause === undefined ? error : lastCause(cause);
}

/** Node says nothing itself where a host has several addresses and none of them answers. */
function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError) return error.errors[0];
  return error instanceof Error ? error.cause : undefined;
}
