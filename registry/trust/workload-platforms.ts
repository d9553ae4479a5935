import type { Preset } from './preset.ts';

/**
 * Kubernetes, EKS included: a projected service account token, which the kubelet writes into a file
 * and renews there. A workload shows the same one until then: not single use. The projected volume names
 * the audience, and how long it lives: a day at most in EKS and AKS, two in GKE.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
 */
export const kubernetes: Preset<'issuer' | 'namespace' | 'service_account'> = {
  members: {
    issuer: {
      needed: true,
      pattern: /^\S+$/,
      such: 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE, as kubectl get --raw /.well-known/openid-configuration tells',
    },
    namespace: { needed: true, pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, such: 'shop' },
    service_account: {
      needed: true,
      pattern: /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
      such: 'billing',
    },
  },
  rule: ({ issuer, namespace, service_account }) => ({
    issuer,
    subject: `system:serviceaccount:${namespace}:${service_account}`,
    claims: {},
    single_use: false,
    max_lifetime: 172_800,
  }),
};

/**
 * SPIFFE: a JWT-SVID, whose `sub` is the SPIFFE ID. The specification asks for no `jti`, and the
 * Workload API hands out one JWT-SVID until it is about to expire: not single use. It cannot outlive the
 * authority of its SPIRE server, which has a day by default. The issuer is the OIDC discovery provider, not
 * the trust domain.
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
 */
export const spiffe: Preset<'issuer' | 'spiffe_id'> = {
  members: {
    issuer: { needed: true, pattern: /^\S+$/, such: 'https://oidc-discovery.example.com' },
    spiffe_id: {
      needed: true,
      pattern: /^spiffe:\/\/[a-z0-9._-]{1,255}(\/[A-Za-z0-9._-]+)+$/,
      such: 'spiffe://example.com/shop/billing',
    },
  },
  rule: ({ issuer, spiffe_id: subject }) => ({
    issuer,
    subject,
    claims: {},
    single_use: false,
    max_lifetime: 86_400,
  }),
};

/**
 * Any issuer that can be asked for its keys by OpenID Connect Discovery 1.0 §4. Single use, unless
 * the rule says that its workloads show one JWT more than once.
 */
export const oidc: Preset<'issuer' | 'subject' | 'subject_glob'> = {
  members: {
    issuer: { needed: true, pattern: /^\S+$/, such: 'https://issuer.example.com' },
    subject: { pattern: /^[\x20-\x7E]+$/, such: 'billing' },
    subject_glob: { pattern: /^[\x20-\x7E]+$/, such: 'project:billing:*' },
  },
  rule: (given) => ({ ...given, claims: {}, single_use: true, max_lifetime: 3600 }),
};
