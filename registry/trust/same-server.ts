import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { RegistryError } from '../registry-error.ts';
import { isOfSamePlatform } from './shared-issuers.ts';

/** How people write a rule that names no issuer, and by what they would name it. */
interface WrittenRule {
  readonly what: string;
  readonly option: string;
}

/**
 * Refuses a rule that has its issuer by default where the client trusts another server of this platform: the same
 * name may be a stranger's there.
 * @param today the rules that the client has
 * @throws RegistryError
 */
export function checkSameServer(
  rule: TrustRule,
  today: readonly TrustRule[],
  { what, option }: WrittenRule,
): void {
  const { issuer } = rule;
  const others = today.filter((one) => one.issuer !== issuer && isOfSamePlatform(one, rule));
  if (others.length === 0) return;
  const issuers = [...new Set(others.map((one) => one.issuer))];
  const choice = [...issuers, issuer].join(' or ');
  throw new RegistryError(
    'contents',
    `${what} without ${option} is for ${issuer}, and the client has rules for ${issuers.join(' and ')}: give ${option}, which is ${choice}`,
  );
}
