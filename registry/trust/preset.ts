import type { TrustRule } from '../../functions/oauth/trust-rule.ts';

/** A member of a preset. All of them are texts. */
interface PresetMember {
  readonly needed?: true;
  readonly pattern: RegExp;
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
