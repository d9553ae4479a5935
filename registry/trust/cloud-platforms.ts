import { issuerFaults, type Preset } from './preset.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * AWS: what `sts:GetWebIdentityToken` makes for an IAM role, a fresh JWT with a `jti` each time, one
 * hour at most. Each account has an issuer of its own, once outbound identity federation is on; what
 * AWS adds is under one claim.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
 */
export const aws: Preset<'issuer' | 'role' | 'organization'> = {
  members: {
    issuer: {
      needed: true,
      pattern: /^https:\/\/[\w-]+\.tokens\.sts\.[\w.-]+$/,
      faults: issuerFaults,
      such: 'https://<id>.tokens.sts.global.api.aws, which aws iam get-outbound-web-identity-federation-info tells',
    },
    role: {
      needed: true,
      pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      such: 'arn:aws:iam::123456789012:role/Billing',
    },
    organization: { pattern: /^o-[a-z0-9]{10,32}$/, such: 'o-a1b2c3d4e5' },
  },
  rule: ({ issuer, role, organization: org_id }) => ({
    issuer,
    subject: role,
    claims: {
      'https://sts.amazonaws.com/': {
        ...(role && { aws_account: role.split(':')[4] }),
        ...(org_id && { org_id }),
      },
    },
    single_use: true,
    max_lifetime: 3600,
  }),
};

/**
 * Google Cloud: the ID token of a service account. `sub` is its unique id, which no other account
 * gets, as it may get the e-mail address; that is told only if the token is asked for with it. The
 * token is cached, lives one hour and has no `jti`: not single use.
 * @see https://cloud.google.com/docs/authentication/get-id-token
 */
export const google: Preset<'subject' | 'email'> = {
  members: {
    subject: {
      needed: true,
      pattern: /^\d{10,30}$/,
      such: '108372910374829103748, the unique id of the service account',
    },
    email: { pattern: /^[^\s@]+@[^\s@]+$/, such: 'billing@my-project.iam.gserviceaccount.com' },
  },
  rule: ({ subject, email }) => ({
    issuer: 'https://accounts.google.com',
    subject,
    claims: { ...(email && { email, email_verified: true }) },
    single_use: false,
    max_lifetime: 3600,
  }),
};

/**
 * Microsoft Entra: an access token for an app registration that stands for this server. A workload
 * is handed the same token for up to a day, dated back by five minutes: not single use. `sub` of a workload is the object id of
 * its service principal. The issuer tells the version of the token, which the app registration
 * sets: v2 unless the rule says `v1`, which managed identities get unless it is set otherwise.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const entra: Preset<'tenant' | 'subject' | 'version'> = {
  members: {
    tenant: { needed: true, pattern: guid, such: 'aaaabbbb-0000-cccc-1111-dddd2222eeee' },
    subject: {
      needed: true,
      pattern: guid,
      such: '00aa00aa-bb11-cc22-dd33-44ee44ee44ee, the object id of the service principal',
    },
    version: { pattern: /^v[12]$/, such: 'v1 or v2' },
  },
  // Its tokens name the app registration, which cannot be known.
  needsAudience: 'api://billing or the client id of the app registration',
  rule: ({ tenant, subject, version }) => ({
    issuer:
      version === 'v1'
        ? `https://sts.windows.net/${tenant}/`
        : `https://login.microsoftonline.com/${tenant}/v2.0`,
    subject,
    claims: { ...(tenant && { tid: tenant }) },
    single_use: false,
    max_lifetime: 86_400,
  }),
};
