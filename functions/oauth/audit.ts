/** What the log says of one decision: never a secret, a token, an assertion or a whole event. */
export type AuditEntry = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one decision to the log. */
export type Audit = (entry: AuditEntry) => void;

/** The private reason of a refusal or a failure, as text for the log. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reason(error.cause);
  return `${error.name}: ${error.message}`;
}
