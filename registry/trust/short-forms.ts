import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { RegistryError } from '../registry-error.ts';
import { checkSameServer } from './same-server.ts';
import { trustRule } from './trust-rules.ts';

const githubOptions = {
  issuer: '--github-issuer',
  repository: 'the repository of --github',
  ref: 'the ref of --github',
};
const awsOptions = { issuer: '--aws-issuer', role: '--aws-role' };
const kubernetesOptions = {
  issuer: 'the issuer of --kubernetes',
  namespace: 'the namespace of --kubernetes',
  service_account: 'the service account of --kubernetes',
};

interface GitHubOptions {
  /** Of another GitHub than github.com, as `--github-issuer` has it. */
  readonly githubIssuer?: string | undefined;
  /** The rules that the client has. */
  readonly today?: readonly TrustRule[];
}

/**
 * Reads `--github owner/repo[@ref]`: the workflows of a repository; with a ref, those that run on
 * this branch (or on what `refs/...` names) and in no environment.
 * @param issuer the deployment's
 * @throws RegistryError
 */
export function githubRule(
  text: string,
  issuer: string,
  { githubIssuer, today = [] }: GitHubOptions = {},
): TrustRule {
  const [, repository, ref] = /^([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  if (repository === undefined) {
    throw new RegistryError('input', 'a repository is written octo-org/app or octo-org/app@main');
  }
  const where = {
    ...(ref && { ref }),
    ...(githubIssuer !== undefined && { issuer: githubIssuer }),
  };
  const rule = trustRule({ platform: 'github', repository, ...where }, issuer, githubOptions);
  if (githubIssuer === undefined) {
    checkSameServer(rule, today, { what: '--github', option: '--github-issuer' });
  }
  return rule;
}

/**
 * Reads `--aws-role` and `--aws-issuer`: an IAM role that calls `sts:GetWebIdentityToken`.
 * @throws RegistryError
 */
export function awsRoleRule(arn: string, awsIssuer: string | undefined, issuer: string): TrustRule {
  if (awsIssuer === undefined) {
    throw new RegistryError(
      'input',
      '--aws-role needs --aws-issuer, the issuer of your AWS account: aws iam get-outbound-web-identity-federation-info tells it',
    );
  }
  return trustRule({ platform: 'aws', issuer: awsIssuer, role: arn }, issuer, awsOptions);
}

/**
 * Reads `--kubernetes issuer:namespace:serviceaccount`; the issuer may have colons of its own.
 * @throws RegistryError
 */
export function kubernetesRule(text: string, issuer: string): TrustRule {
  const [, cluster, namespace, service_account] = /^(.+:.+):([^:]*):([^:]*)$/.exec(text) ?? [];
  if (cluster === undefined) {
    throw new RegistryError(
      'input',
      'a service account is written ISSUER:NAMESPACE:NAME, such as https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE:shop:billing',
    );
  }
  const preset = { platform: 'kubernetes', issuer: cluster, namespace, service_account };
  return trustRule(preset, issuer, kubernetesOptions);
}
