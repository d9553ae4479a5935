import { describe, expect, test } from 'vitest';
import {
  otherWorkload,
  ruleProblem,
} from '../../functions/authentication/methods/trust-rule-match.ts';
import { readTrustRules } from '../../registry/trust/trust-rules.ts';

/**
 * Claims as the platforms document them. That they are what the platforms send is an assumption
 * until somebody tries.
 */

const deployment = 'https://auth.example.com';
const now = 1_700_000_000;
const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const object = '00aa00aa-bb11-cc22-dd33-44ee44ee44ee';
const ref = 'refs/heads/main';
const role = 'arn:aws:iam::123456789012:role/DataProcessingRole';
const sts = 'https://sts.amazonaws.com/';

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

const github: Claims = {
  sub: `repo:octo-org/octo-repo:ref:${ref}`,
  repository: 'octo-org/octo-repo',
  repository_id: '74',
  repository_owner: 'octo-org',
  repository_owner_id: '65',
  ref,
  ref_type: 'branch',
  event_name: 'push',
};
const gitlab: Claims = {
  sub: 'project_path:my-group/my-project:ref_type:branch:ref:main',
  namespace_path: 'my-group',
  project_id: '22',
  project_path: 'my-group/my-project',
  ref: 'main',
  ref_type: 'branch',
};
const aws: Claims = {
  sub: role,
  [sts]: { aws_account: '123456789012', source_region: 'us-east-1', org_id: 'o-abc1234567' },
};
const entra: Claims = { sub: object, oid: object, tid: tenant, idtyp: 'app' };

const aWhile = { iat: now, exp: now + 900 };

/** In what a token differs from the rule of a preset. */
function difference(preset: object, { sub, ...claims }: Claims, aud = deployment, times = aWhile) {
  const [rule] = readTrustRules(JSON.stringify(preset), deployment);
  if (!rule) throw new Error('no rule');
  const { issuer: iss } = rule;
  const assertion = { iss, sub, aud: [aud], jti: 'a', ...times };
  const all = { ...assertion, ...claims };
  return otherWorkload(rule, all) ?? ruleProblem(rule, { ...assertion, claims: all }, now)?.text;
}

const app = { platform: 'github', repository: 'octo-org/octo-repo' };
const project = { platform: 'gitlab', project: 'my-group/my-project' };
const worker = { platform: 'aws', issuer: 'https://abc.tokens.sts.global.api.aws', role };
const release = { ...github, sub: 'repo:octo-org/octo-repo:environment:release' };

describe('B03: a token of the platform agrees with its preset', () => {
  test.for<[string, object, Claims, string?]>([
    ['GitHub', app, github],
    ['GitHub, a branch', { ...app, ref: 'main' }, github],
    [
      'GitHub, a branch, with ids in sub',
      { ...app, ref: 'main', repository_id: '74' },
      { ...github, sub: `repo:octo-org@65/octo-repo@74:ref:${ref}` },
    ],
    [
      'GitHub Enterprise Server',
      { ...app, issuer: 'https://github.example.com/_services/token', ref: 'main' },
      github,
    ],
    [
      'GitHub, an environment',
      { ...app, environment: 'release', ref: 'main' },
      { ...release, environment: 'release' },
    ],
    ['GitLab', project, gitlab],
    ['GitLab, a branch', { ...project, ref: 'main', project_id: '22' }, gitlab],
    ['AWS', worker, aws],
    ['AWS, an organization', { ...worker, organization: 'o-abc1234567' }, aws],
    ['Google', { platform: 'google', subject: '1083729103748' }, { sub: '1083729103748' }],
    [
      'Entra',
      { platform: 'entra', tenant, subject: object, audience: 'api://billing' },
      entra,
      'api://billing',
    ],
  ])('%s', ([, preset, claims, aud]) => {
    expect(difference(preset, claims, aud)).toBeUndefined();
  });
});

describe('B05: a token lives as long as its platform lets it', () => {
  const pod = {
    platform: 'kubernetes',
    issuer: 'https://k8s.example.com',
    namespace: 'shop',
    service_account: 'a',
  };
  const svid = {
    platform: 'spiffe',
    issuer: 'https://oidc.example.com',
    spiffe_id: 'spiffe://example.com/a',
  };
  const managed = { platform: 'entra', tenant, subject: object, audience: deployment };

  test.for<[string, object, Claims, number, number]>([
    ['Entra: a managed identity, a day and dated back', managed, entra, 300, 86_400],
    ['Entra: a service principal, 90 minutes and dated back', managed, entra, 300, 5400],
    ['GitHub: five minutes', app, github, 0, 300],
    ['GitLab: a job on a runner of gitlab.com', project, gitlab, 0, 3 * 3600],
    ['GitLab: a job of a day, with leeway', project, gitlab, 0, 86_700],
    ['Kubernetes: a day in EKS', pod, { sub: 'system:serviceaccount:shop:a' }, 0, 86_400],
    ['Kubernetes: two days in GKE', pod, { sub: 'system:serviceaccount:shop:a' }, 0, 172_800],
    ['SPIFFE: as long as the authority', svid, { sub: 'spiffe://example.com/a' }, 0, 86_400],
    ['AWS: an hour', worker, aws, 0, 3600],
    [
      'Google: an hour',
      { platform: 'google', subject: '1083729103748' },
      { sub: '1083729103748' },
      0,
      3600,
    ],
  ])('%s', ([, preset, claims, before, after]) => {
    const at = (exp: number) => ({ iat: now - before, exp: now + exp });
    expect(difference(preset, claims, deployment, at(after))).toBeUndefined();
    expect(difference(preset, claims, deployment, at(2_592_000))).toMatch(
      / lives for 2592\d00 seconds/,
    );
  });
});

describe('B03: a token of somebody else does not', () => {
  test.for<[string, object, Claims, string]>([
    ['a fork', app, { ...github, repository: 'somebody/octo-repo' }, 'repository'],
    [
      'a repository whose name ends alike',
      app,
      { ...github, repository: 'octo-org/octo-repo-2' },
      'repository',
    ],
    [
      'another branch',
      { ...app, ref: 'main' },
      { ...github, sub: 'repo:octo-org/octo-repo:ref:refs/heads/a', ref: 'refs/heads/a' },
      'sub',
    ],
    ['a tag of the name', { ...app, ref: 'main' }, { ...github, ref: 'refs/tags/main' }, 'ref'],
    ['an environment', { ...app, ref: 'main' }, release, 'sub'],
    [
      'a pull request',
      { ...app, ref: 'main' },
      { ...github, sub: 'repo:octo-org/octo-repo:pull_request' },
      'sub',
    ],
    [
      'a repository of the former name',
      { ...app, repository_id: '74' },
      { ...github, repository_id: '75' },
      'repository_id',
    ],
    [
      'a tag of a project',
      { ...project, ref: 'main' },
      { ...gitlab, sub: 'project_path:my-group/my-project:ref_type:tag:ref:main' },
      'sub',
    ],
    [
      'another project of the group',
      project,
      { ...gitlab, sub: 'project_path:my-group/my-project-2:ref_type:branch:ref:main' },
      'sub',
    ],
    ['another account', worker, { ...aws, [sts]: { aws_account: '210987654321' } }, sts],
    [
      'another organization',
      { ...worker, organization: 'o-abc1234567' },
      { ...aws, [sts]: { aws_account: '123456789012', org_id: 'o-xyz1234567' } },
      sts,
    ],
  ])('%s', ([, preset, claims, differs]) => {
    expect(difference(preset, claims)).toBe(differs);
  });

  test('a rule that names no subject, which the registry never has, agrees with nobody', () => {
    const [rule] = readTrustRules(JSON.stringify(app), deployment);
    if (!rule) throw new Error('no rule');
    const assertion = { iss: rule.issuer, sub: github.sub, aud: [deployment], jti: 'a' };
    const claims = { ...github, ...assertion };
    expect(otherWorkload(rule, claims)).toBeUndefined();
    const nobody = { ...rule, subject: undefined, subject_glob: undefined };
    expect(otherWorkload(nobody, claims)).toBe('sub');
  });
});
