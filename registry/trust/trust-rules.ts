import { Refusal } from '../../cli/cli-error.ts';
import { maxTrustRules, type TrustRule } from '../../functions/oauth/trust-rule.ts';
import { applyPreset } from './presets.ts';
import { isObject, readRule } from './rule-members.ts';
import { checkTrustRule } from './too-wide.ts';

/**
 * Reads what a `--trust` file holds: one rule or preset, or an array of them.
 * @param issuer the deployment's, which an assertion is made out to unless a rule says otherwise
 * @throws Refusal
 */
export function readTrustRules(text: string, issuer: string): readonly TrustRule[] {
  const content = parseJson(text);
  const values = Array.isArray(content) ? content : [content];
  if (values.length === 0) throw new Refusal('the trust file holds no rule', 2);
  return values.map((value) => trustRule(value, issuer));
}

/**
 * Reads `--github owner/repo[@ref]`: the workflows of a repository; with a ref, those that run on
 * this branch (or on what `refs/...` names) and in no environment.
 * @throws Refusal
 */
export function githubRule(text: string, issuer: string): TrustRule {
  const [, repository, ref] = /^([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  if (repository === undefined) {
    throw new Refusal('a repository is written octo-org/app or octo-org/app@main', 2);
  }
  return trustRule({ platform: 'github', repository, ...(ref && { ref }) }, issuer);
}

/**
 * Reads `--aws-role` and `--aws-issuer`: an IAM role that calls `sts:GetWebIdentityToken`.
 * @throws Refusal
 */
export function awsRoleRule(arn: string, awsIssuer: string | undefined, issuer: string): TrustRule {
  if (awsIssuer === undefined) {
    throw new Refusal(
      '--aws-role needs --aws-issuer, the issuer of your AWS account: aws iam get-outbound-web-identity-federation-info tells it',
      2,
    );
  }
  return trustRule({ platform: 'aws', issuer: awsIssuer, role: arn }, issuer);
}

/**
 * Reads `--kubernetes issuer:namespace:serviceaccount`; the issuer may have colons of its own.
 * @throws Refusal
 */
export function kubernetesRule(text: string, issuer: string): TrustRule {
  const [, cluster, namespace, service_account] = /^(.+:.+):([^:]*):([^:]*)$/.exec(text) ?? [];
  if (cluster === undefined) {
    throw new Refusal(
      'a service account is written ISSUER:NAMESPACE:NAME, such as https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE:shop:billing',
      2,
    );
  }
  const preset = { platform: 'kubernetes', issuer: cluster, namespace, service_account };
  return trustRule(preset, issuer);
}

/**
 * Checks the rules of one client together: that there are some, none twice, and not too many.
 * @throws Refusal
 */
export function checkTrustRules(rules: readonly TrustRule[]): void {
  if (rules.length === 0) throw new Refusal('a federated client needs a trust rule', 2);
  if (rules.length > maxTrustRules) {
    throw new Refusal(`a client has ${maxTrustRules} trust rules at most, not ${rules.length}`, 2);
  }
  if (new Set(rules.map((rule) => JSON.stringify(rule))).size < rules.length) {
    throw new Refusal('two of the trust rules are the same', 2);
  }
}

function trustRule(value: unknown, issuer: string): TrustRule {
  if (!isObject(value)) throw new Refusal('a trust rule is a JSON object', 2);
  const rule = readRule('platform' in value ? applyPreset(value) : value, issuer);
  checkTrustRule(rule, issuer);
  return rule;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('the trust file is not JSON', 2);
  }
}
