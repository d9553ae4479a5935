/** Characters that a SPIFFE ID may have (SPIFFE ID §2.3). */
const maxLength = 2048;

const trustDomain = 'spiffe://[a-z0-9._-]{1,255}';
const segment = '(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+';
const workload = new RegExp(`^${trustDomain}(/${segment})+$`);
const workloadsBelow = new RegExp(`^${trustDomain}(/${segment})+/\\*$`);

/** Whether a text is the SPIFFE ID of a workload (SPIFFE ID §2): it has a path. */
export const isSpiffeId = (text: string): boolean =>
  text.length <= maxLength && workload.test(text);

/**
 * Whether a text is a SPIFFE ID, or all those below a path, which ends in `/*` (draft-ietf-oauth-spiffe-client-auth
 * §5.1). A whole trust domain is neither.
 */
export const isExpectedSpiffeId = (text: string): boolean =>
  isSpiffeId(text) || (text.length <= maxLength && workloadsBelow.test(text));

/** Whether a SPIFFE ID is the expected one, or below the expected path, by whole segments (§5.1 there). */
export function matchesSpiffeId(id: string, expected: string): boolean {
  if (!isSpiffeId(id) || !isExpectedSpiffeId(expected)) return false;
  return expected.endsWith('/*') ? id.startsWith(expected.slice(0, -1)) : id === expected;
}
