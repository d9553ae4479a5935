import { maxTrustRules, type TrustRule } from '../../functions/oauth/trust-rule.ts';
import { isObject, parseJson } from '../json-input.ts';
import { RegistryError } from '../registry-error.ts';
import { applyPreset, type MemberOptions, platformByDefault } from './presets.ts';
import { readRule } from './rule-members.ts';
import { checkSameServer } from './same-server.ts';
import { checkTrustRule } from './too-wide.ts';

/** Bytes of JSON that the rules of a client may have: all of them are read at each request, also at one that is refused. */
const maxSize = 16_384;

/**
 * Reads what a `--trust` file holds: one rule or preset, or an array of them.
 * @param issuer the deployment's, which an assertion is made out to unless a rule says otherwise
 * @param today the rules that the client has
 * @throws RegistryError
 */
export function readTrustRules(
  text: string,
  issuer: string,
  today: readonly TrustRule[] = [],
): readonly TrustRule[] {
  const content = parseJson(text, 'the trust file is not JSON');
  const values = Array.isArray(content) ? content : [content];
  if (values.length === 0) throw new RegistryError('input', 'the trust file holds no rule');
  return values.map((value) => {
    const rule = trustRule(value, issuer);
    const platform = platformByDefault(value);
    if (platform === undefined) return rule;
    checkSameServer(rule, today, { what: `a rule for ${platform}`, option: 'issuer' });
    return rule;
  });
}

/**
 * Checks the rules of one client together: that there are some, none twice, and not too many or too long.
 * @throws RegistryError
 */
export function checkTrustRules(rules: readonly TrustRule[]): void {
  if (rules.length === 0) throw new RegistryError('input', 'a federated client needs a trust rule');
  if (rules.length > maxTrustRules) {
    throw new RegistryError(
      'input',
      `a client has ${maxTrustRules} trust rules at most, not ${rules.length}`,
    );
  }
  if (new Set(rules.map((rule) => JSON.stringify(rule))).size < rules.length) {
    throw new RegistryError('input', 'two of the trust rules are the same');
  }
  const size = Buffer.byteLength(JSON.stringify(rules));
  if (size > maxSize) {
    throw new RegistryError(
      'input',
      `the trust rules have ${size} bytes together, with their keys and certificates, and those of a client ${maxSize} at most: give a jwks_uri in place of jwks, or register another client for some of them`,
    );
  }
  const issuer = issuerOfTwoKeySources(rules);
  if (issuer !== undefined) {
    throw new RegistryError(
      'input',
      `the trust rules for ${issuer} have different keys: register one client for each of the clusters that have this issuer`,
    );
  }
}

/** The issuer of which two rules have different keys: an assertion is verified by those of one rule. */
function issuerOfTwoKeySources(rules: readonly TrustRule[]): string | undefined {
  const sourceOf = ({ jwks, jwks_uri, jwks_ca }: TrustRule) =>
    JSON.stringify([jwks, jwks_uri, jwks_ca]);
  const differs = (one: TrustRule, other: TrustRule) =>
    one.issuer === other.issuer && sourceOf(one) !== sourceOf(other);
  return rules.find((one) => rules.some((other) => differs(one, other)))?.issuer;
}

/**
 * Makes a trust rule of one that is written out, or of a preset.
 * @param issuer the deployment's
 * @param options member of a preset -> the option of the command line that gives it
 * @throws RegistryError
 */
export function trustRule(value: unknown, issuer: string, options?: MemberOptions): TrustRule {
  if (!isObject(value)) throw new RegistryError('input', 'a trust rule is a JSON object');
  const rule = readRule('platform' in value ? applyPreset(value, options) : value, issuer);
  checkTrustRule(rule, issuer);
  return rule;
}
