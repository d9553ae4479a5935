/**
 * Whether a moment was less than so many seconds ago. It was not where the clock was put back since: that must not
 * prolong anything.
 * @param at NumericDate
 * @param now NumericDate
 */
export function isYounger(at: number, than: number, now: number): boolean {
  const age = now - at;
  return age >= 0 && age < than;
}
