import type { TrustRule } from '../../functions/oauth/trust-rule.ts';

/** What a text has to look like, and what is said of one that does not. */
type Fault = readonly [RegExp, string];

/** What may be wrong with the issuer of any platform that is on the internet. */
export const issuerFaults: readonly Fault[] = [
  [/^https:\/\//, 'does not begin with https://'],
  [/[^/]$/, 'ends with a slash'],
];

/** A member of a preset. All of them are texts. */
export interface PresetMember {
  readonly needed?: true;
  readonly pattern: RegExp;
  /** What may be wrong with one that does not fit the pattern, the most telling first. */
  readonly faults?: readonly Fault[];
  /** An example. */
  readonly such: string;
}

/** What is known of a platform, so that its rules are short to write. */
export interface Preset<Member extends string = string> {
  readonly members: Readonly<Record<Member, PresetMember>>;
  /** An example, where an audience must be named because the platform chooses it. */
  readonly needsAudience?: string;
  /** Makes the rule of the members; each is there that is needed, and looks as it must. */
  rule(given: { readonly [Name in Member]?: string }): Partial<TrustRule>;
}
