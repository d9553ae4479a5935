import { describe, expect, test } from 'vitest';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import { readTrustRules } from '../../registry/trust/trust-rules.ts';

const deployment = 'https://auth.example.com';
const issuer = 'https://issuer.example.com';
const github = 'https://token.actions.githubusercontent.com';
const ghes = 'https://github.example.com/_services/token';
const circle = 'https://oidc.circleci.com/org';
const organization = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';

/** What is told of the rules of a trust file, or why it is refused. */
function told(value: unknown): readonly string[] {
  try {
    return readTrustRules(JSON.stringify(value), deployment).flatMap(risksOf);
  } catch (error) {
    return [`refused: ${(error as Error).message}`];
  }
}

const shared = (who: string, subject_glob: string) =>
  `it is not known who shares the issuer ${who}: anybody there gets in whose subject fits ${subject_glob}`;

describe('B03: a rule may let in others than it is meant for', () => {
  test.for<[string, object, string]>([
    ['a tenant', { subject_glob: 'organization:acme:*' }, 'organization:acme:*'],
    ['a tenant of any kind', { subject_glob: 'cloud:workspace_id:*' }, 'cloud:workspace_id:*'],
    ['a trust domain', { subject_glob: 'spiffe://example.com/*' }, 'spiffe://example.com/*'],
    [
      'a glob with claims, of which nothing is known',
      { subject_glob: 'project:billing:*', claims: { team: 'billing' } },
      'project:billing:*',
    ],
    [
      'a glob by a preset',
      { platform: 'oidc', subject_glob: 'project:billing:*' },
      'project:billing:*',
    ],
    [
      'the claim of a platform, and a sub that is not its own',
      { subject_glob: 'project_path:a/*', claims: { project_path: 'a/b' } },
      'project_path:a/*',
    ],
  ])('%s, at an issuer that is not known', ([, rule, glob]) => {
    expect(told({ issuer, ...rule })).toEqual([shared(issuer, glob)]);
  });

  test.for<[string, string, string]>([
    ['the issuer', issuer, issuer],
    ['the issuer with a slash', issuer, `${issuer}/`],
    ['the host', 'https://oidc.example.com', 'oidc.example.com'],
    ['the tenant', `${issuer}/org/acme`, 'acme'],
    ["GitHub's own", issuer, 'https://github.com/octo-org'],
    ["GitHub's own in a region", issuer, 'https://octocorp.ghe.com/octo-org'],
    ["GitHub Enterprise Server's own", ghes, 'https://github.example.com/octo-org'],
    ["Buildkite's own", issuer, 'https://buildkite.com/acme'],
    ["Vercel's own", issuer, 'https://vercel.com/acme'],
    ["Bitbucket's own", issuer, `ari:cloud:bitbucket::workspace/${organization}`],
  ])('the audience is %s', ([, from, audience]) => {
    expect(told({ issuer: from, subject: 'repo:octo-org/app:pull_request', audience })).toEqual([
      `JWTs of ${from} are for ${audience} unless somebody asks for another audience: whoever else is shown one can use it here`,
    ]);
  });

  test('both of it', () => {
    const rule = { issuer, subject_glob: 'project:billing:*', audience: issuer };
    expect(told(rule)).toHaveLength(2);
  });

  test("at a GitLab of one's own, from before a project was needed", () => {
    const [rule] = readTrustRules(JSON.stringify({ issuer, subject: 'a' }), deployment);
    const old = { ...rule, subject: undefined, subject_glob: 'project_path:my-group/*' };
    expect(risksOf(old as TrustRule)).toEqual([
      expect.stringMatching(/^the rule for https:\S+ names no project: /),
      shared(issuer, old.subject_glob),
    ]);
  });

  test('at a known issuer, from before it was known', () => {
    const [rule] = readTrustRules(JSON.stringify({ issuer, subject: 'a' }), deployment);
    const old = { ...rule, issuer: 'https://oidc.modal.com', subject: undefined };
    const risk = risksOf({ ...old, subject_glob: 'modal:workspace_id:*' } as TrustRule);
    expect(risk).toEqual([expect.stringMatching(/^the rule for https:\S+ names no workspace: /)]);
  });
});

describe('B03: a rule that names a workload has no such risk', () => {
  test.for<[string, object]>([
    ['one subject at an unknown issuer', { issuer, subject: 'billing' }],
    ['a service account', { platform: 'kubernetes', issuer, namespace: 'a', service_account: 'b' }],
    ['a SPIFFE ID', { platform: 'spiffe', issuer, spiffe_id: 'spiffe://example.com/billing' }],
    ['GitHub', { platform: 'github', repository: 'octo-org/app' }],
    ['GitHub by sub', { issuer: github, subject_glob: 'repo:octo-org/app:*' }],
    ['GitHub Enterprise Server', { platform: 'github', repository: 'octo-org/app', issuer: ghes }],
    ['GitHub Enterprise Server by sub', { issuer: ghes, subject_glob: 'repo:octo-org/app:*' }],
    [
      'another audience there',
      { issuer: ghes, subject_glob: 'repo:a/b:*', audience: 'https://a.example' },
    ],
    ['GitLab', { platform: 'gitlab', project: 'my-group/my-project' }],
    [
      'another GitLab',
      { platform: 'gitlab', issuer: 'https://gitlab.example.com', project: 'my-group/my-project' },
    ],
    [
      'Modal',
      {
        issuer: 'https://oidc.modal.com',
        subject_glob: 'modal:workspace_id:ac-12345abcd:*',
        claims: { workspace_id: 'ac-12345abcd' },
      },
    ],
    ['Codefresh', { issuer: 'https://oidc.codefresh.io', subject_glob: 'account:a:pipeline:b:*' }],
    [
      'CircleCI',
      {
        issuer: `${circle}/${organization}`,
        subject_glob: `org/${organization}/project/${organization}/*`,
      },
    ],
  ])('%s', ([, rule]) => {
    expect(told(rule)).toEqual([]);
  });
});

describe('B03: an issuer that many share holds its tenant', () => {
  test.for<[string, string, string, RegExp]>([
    ['Modal', 'https://oidc.modal.com', 'modal:workspace_id:*', /names no workspace/],
    ['Modal, a part of an id', 'https://oidc.modal.com', 'modal:workspace_id:ac-*', /no workspace/],
    ['Codefresh', 'https://oidc.codefresh.io', 'account:*', /names no pipeline/],
    ['Codefresh, an account', 'https://oidc.codefresh.io', 'account:a:*', /names no pipeline/],
    ['CircleCI', `${circle}/${organization}`, 'org/*', /names no project/],
    ['CircleCI, whoever', 'https://oidc.circleci.com', 'org/a/project/b/*', /names no project/],
    ['HCP Terraform in Europe', 'https://app.eu.terraform.io', 'organization:a:*', /no workspace/],
  ])('%s', ([, shared, subject_glob, sentence]) => {
    expect(told({ issuer: shared, subject_glob })).toEqual([expect.stringMatching(sentence)]);
  });
});
