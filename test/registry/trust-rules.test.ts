import { describe, expect, test } from 'vitest';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { awsRoleRule, githubRule, kubernetesRule } from '../../registry/trust/short-forms.ts';
import { checkTrustRules, readTrustRules } from '../../registry/trust/trust-rules.ts';

const deployment = 'https://auth.example.com';
const local = 'http://127.0.0.1:3000';
const written = { issuer: 'https://issuer.example.com', subject: 'billing' };
const github = 'https://token.actions.githubusercontent.com';
const ghe = 'https://token.actions.octocorp.ghe.com';
const ghes = 'https://github.example.com/_services/token';
const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const object = '00aa00aa-bb11-cc22-dd33-44ee44ee44ee';
const cluster = 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE';

const read = (value: unknown, issuer = deployment) => readTrustRules(JSON.stringify(value), issuer);

/** What a call is refused with. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof RegistryError && error.about === 'input') return error.message;
    throw error;
  }
  return 'it was not refused';
}

/** A rule in full: of one subject, and with the defaults. */
const rule = (change: Partial<TrustRule>): TrustRule => ({
  issuer: written.issuer,
  subject: undefined,
  subject_glob: undefined,
  audience: deployment,
  claims: {},
  single_use: true,
  max_lifetime: 3600,
  ...change,
});

describe('a rule that is written out', () => {
  test('is for the deployment, counts once and lives one hour, unless it says otherwise', () => {
    expect(read(written)).toEqual([rule({ subject: 'billing' })]);
    const all = {
      issuer: 'https://issuer.example.com/tenant/',
      subject_glob: 'project:billing:*',
      audience: 'urn:countersign',
      claims: { team: 'billing', at: { site: [1, true] } },
      single_use: false,
      max_lifetime: 600,
    };
    expect(read(all)).toEqual([rule(all)]);
  });

  test.for([60, 86_700, 2_592_000])('may let a JWT live for %i seconds', (max_lifetime) => {
    expect(read({ ...written, max_lifetime })).toMatchObject([{ max_lifetime }]);
  });

  test('may be one of several', () => {
    const two = [written, { ...written, subject: 'orders' }];
    expect(read(two).map(({ subject }) => subject)).toEqual(['billing', 'orders']);
  });

  test.for([
    ['no JSON', '{', 'the trust file is not JSON'],
    ['nothing', '', 'the trust file is not JSON'],
    ['no rule', '[]', 'the trust file holds no rule'],
    ['a text', '"billing"', 'a trust rule is a JSON object'],
    ['null', '[null]', 'a trust rule is a JSON object'],
    ['an array in an array', '[[]]', 'a trust rule is a JSON object'],
  ] as const)('%s is refused', ([, text, sentence]) => {
    expect(refusal(() => readTrustRules(text, deployment))).toBe(sentence);
  });

  test.for<[string, Record<string, unknown>, RegExp]>([
    ['another member', { sub: 'billing' }, /has no member sub; it may have issuer, subject, sub/],
    ['no issuer', { issuer: undefined }, /^a trust rule needs issuer$/],
    ['no subject', { subject: undefined }, /names a subject or a subject_glob, just one of them/],
    ['an empty subject', { subject: '' }, /^subject of a trust rule is a text/],
    ['two subjects', { subject_glob: 'billing-service:*' }, /just one of them/],
    ['a number as its subject', { subject: 1 }, /^subject of a trust rule is a text/],
    ['a line break', { subject: 'a\nb' }, /^subject of a trust rule is a text/],
    ['null', { audience: null }, /^audience of a trust rule is a text/],
    ['several audiences', { audience: ['a', 'b'] }, /^audience of a trust rule is a text/],
    ['claims in an array', { claims: ['a'] }, /^claims of a trust rule is an object of claims/],
    ['a claim that is null', { claims: { a: { b: [null] } } }, /is an object of claims/],
    ['a claim that any object meets', { claims: { a: {} } }, /none of them empty/],
    ['a claim that no list meets', { claims: { a: [] } }, /none of them empty/],
    ['a claim without end', { claims: { a: 2 ** 60 } }, /is an object of claims/],
    ['a claim that is a fraction', { claims: { a: 0.5 } }, /is an object of claims/],
    ['claims too deep', { claims: { a: { b: { c: { d: { e: { f: 1 } } } } } } }, /more than four/],
    ['a prototype', JSON.parse('{"claims": {"a": {"__proto__": {"b": 1}}}}'), /is an object of/],
    ['a prototype of all', JSON.parse('{"claims": {"__proto__": {"b": 1}}}'), /is an object of/],
    ['"true"', { single_use: 'false' }, /^single_use of a trust rule is true or false$/],
    ['"60"', { max_lifetime: '60' }, /^max_lifetime of a trust rule is a number of seconds$/],
    ['59 seconds', { max_lifetime: 59 }, /max_lifetime that is no whole number from 60 to 2592000/],
    ['a month and a second', { max_lifetime: 2_592_001 }, /no whole number from 60 to 2592000/],
    ['half seconds', { max_lifetime: 60.5 }, /no whole number from 60 to 2592000/],
    ['4 KB', { claims: { a: 'a'.repeat(4096) } }, /is longer than 4096 bytes/],
    ['a * in its subject', { subject: 'billing-*' }, /has a \* in its subject.*write subject_glob/],
  ])('%s is refused', ([, change, sentence]) => {
    expect(refusal(() => read({ ...written, ...change }))).toMatch(sentence);
  });

  test.for(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])('claims without %s', (name) => {
    const claims = { [name]: 'billing' };
    expect(refusal(() => read({ ...written, claims }))).toContain(`expect the claim ${name}`);
  });
});

describe('an issuer', () => {
  test.for([
    ['http://issuer.example.com', /must be an https URL/],
    ['ftp://issuer.example.com', /must be an https URL/],
    ['issuer.example.com', /is no URL/],
    ['https://issuer.example.com?a=b', /must not have a user name, a query or a fragment/],
    ['https://issuer.example.com/#a', /must not have/],
    ['https://me@issuer.example.com', /must not have/],
    ['https://127.0.0.1', /must name its host/],
    ['https://localhost', /must name its host/],
    ['https://[::1]:8443', /must name its host/],
    ['https://[fd00::1]', /must name its host/],
    ['https://169.254.169.254', /must name its host/],
    ['https://2852039166', /must name its host/],
    ['http://127.0.0.1:4000', /must be an https URL/],
  ] as const)('%s is refused', ([issuer, sentence]) => {
    expect(refusal(() => read({ ...written, issuer }))).toMatch(sentence);
  });

  test.for(['http://127.0.0.1:4000', 'http://localhost:4000', 'https://127.0.0.1:4000'])(
    '%s is one for a local stack',
    (issuer) => {
      expect(read({ ...written, issuer }, local)).toEqual([
        rule({ issuer, subject: 'billing', audience: local }),
      ]);
    },
  );

  test.for(['http://192.0.2.1', 'http://issuer.example.com', 'https://10.0.0.1'])(
    '%s is none for a local stack either',
    (issuer) => {
      expect(refusal(() => read({ ...written, issuer }, local))).toMatch(/https URL|name its host/);
    },
  );
});

describe('B03: a rule that is too wide', () => {
  const glob = (subject_glob: string, change = {}) => ({
    issuer: written.issuer,
    subject_glob,
    ...change,
  });
  const oneSubject = /no subject_glob/;

  test.for<[string, Record<string, unknown>, RegExp]>([
    ['everybody', glob('*'), /lets in everybody at this issuer/],
    ['everybody, twice', glob('**'), /lets in everybody at this issuer/],
    ['everybody, in spite of claims', glob('*', { claims: { a: 'b' } }), /lets in everybody/],
    [
      'any beginning',
      glob('*:billing'),
      /before the first \* of its subject_glob stands a whole name/,
    ],
    ['a type alone', glob('project:*'), /stands a whole name/],
    ['a part of a name', glob('owner:acme*'), /stands a whole name/],
    [
      'the audience of AWS',
      { ...written, audience: 'sts.amazonaws.com' },
      /whoever else takes such JWTs could use them here/,
    ],
    [
      'the audience of a Kubernetes API',
      { ...written, audience: 'https://kubernetes.default.svc.cluster.local' },
      /whoever else takes such JWTs/,
    ],
    [
      'Pulumi, an organization',
      glob('pulumi:deploy:org:acme:*', { issuer: 'https://api.pulumi.com/oidc' }),
      oneSubject,
    ],
    ['any SPIFFE ID', glob('spiffe://*'), /must name the trust domain/],
    ['a part of a trust domain', glob('spiffe://example*'), /must name the trust domain/],
    ['a part of the type of service accounts', glob('system:service*'), oneSubject],
    ['Vercel, a team', glob('owner:acme:*', { issuer: 'https://oidc.vercel.com' }), /no project/],
    ['four stars', glob('project:*:*:*:*'), /more than 3 \*/],
    ['two stars in a row', glob('project:**'), /has \*\* in its subject_glob/],
    ['no star', glob('project:billing'), /without a \*: write subject/],
    ['GitHub, any repository', glob('repo:*', { issuer: github }), /names no repository/],
    ['GitHub, an owner', glob('repo:octo-org/*', { issuer: github }), /names no repository/],
    ['GitHub, a part of a name', glob('repo:octo-org/app*', { issuer: github }), /names no repos/],
    [
      'GitHub, a ref',
      glob('repo:*:ref:refs/heads/main', { issuer: github, claims: { ref: 'refs/heads/main' } }),
      /names no repository/,
    ],
    [
      'GitHub, an owner in a claim',
      glob('repo:*', { issuer: github, claims: { repository_owner: 'octo-org' } }),
      /names no repository.*expect the claim repository/,
    ],
    [
      'GitHub, any of two repositories',
      glob('repo:*', { issuer: github, claims: { repository: ['octo-org/a', 'octo-org/b'] } }),
      /names no repository/,
    ],
    [
      'GitHub, a sub of its own without a repository',
      { issuer: github, subject: 'repository_owner:octo-org' },
      /names no repository/,
    ],
    [
      'an enterprise at GitHub',
      glob('repo:octo-org/*', { issuer: `${github}/octo-enterprise` }),
      /names no repository/,
    ],
    [
      'an enterprise at GitHub in a region',
      glob('repo:octo-org/*', { issuer: `${ghe}/octocorp` }),
      /names no repository/,
    ],
    ['GitHub in a region', glob('repo:octo-org/*', { issuer: ghe }), /names no repository/],
    ['GitHub Enterprise Server', glob('repo:octo-org/*', { issuer: ghes }), /names no repository/],
    [
      'GitHub Enterprise Server, an owner in a claim',
      glob('repo:*', { issuer: ghes, claims: { repository_owner: 'octo-org' } }),
      /names no repository.*expect the claim repository/,
    ],
    [
      'GitLab, a group',
      glob('project_path:my-group/*', { issuer: 'https://gitlab.com' }),
      /names no project/,
    ],
    ['another GitLab, a group', glob('project_path:my-group/*'), /names no project/],
    ['another GitLab, a part of a name', glob('project_path:my-group/app*'), /names no project/],
    [
      'another GitLab, a ref of a group',
      glob('project_path:my-group/*:ref_type:branch:ref:main', {
        claims: { namespace_path: 'my-group', ref: 'main' },
      }),
      /names no project.*expect the claim project_path/,
    ],
    [
      'Buildkite, an organization',
      glob('organization:acme:*', { issuer: 'https://agent.buildkite.com' }),
      /names no pipeline/,
    ],
    [
      'HCP Terraform, an organization',
      glob('organization:acme:*', { issuer: 'https://app.terraform.io' }),
      /names no workspace/,
    ],
    ['Google', glob('10837291*', { issuer: 'https://accounts.google.com' }), oneSubject],
    [
      'Google, an e-mail address',
      { issuer: 'https://accounts.google.com', subject: 'a@example.com' },
      /its unique id is the subject/,
    ],
    [
      'Entra',
      glob('00aa00aa-*', { issuer: `https://login.microsoftonline.com/${tenant}/v2.0` }),
      oneSubject,
    ],
    ['Entra v1', glob('00aa00aa-*', { issuer: `https://sts.windows.net/${tenant}/` }), oneSubject],
    [
      'Entra, any tenant',
      { issuer: 'https://login.microsoftonline.com/common/v2.0', subject: object },
      /must name one tenant/,
    ],
    [
      'AWS',
      glob('arn:aws:iam::123456789012:role/*', {
        issuer: 'https://abc.tokens.sts.global.api.aws',
      }),
      oneSubject,
    ],
    ['EKS', glob('system:serviceaccount:shop:*', { issuer: cluster }), oneSubject],
    ['any cluster', glob('system:serviceaccount:shop:*'), oneSubject],
  ])('%s is refused', ([, value, sentence]) => {
    expect(refusal(() => read(value))).toMatch(sentence);
  });

  test.for<[string, Record<string, unknown>]>([
    ['GitHub by sub', glob('repo:octo-org/app:*', { issuer: github })],
    ['GitHub by sub with ids', glob('repo:octo-org@65/app@74:*', { issuer: github })],
    ['GitHub by id', glob('repo:*', { issuer: github, claims: { repository_id: '74' } })],
    ['GitHub Enterprise Server by sub', glob('repo:octo-org/app:*', { issuer: ghes })],
    ['GitHub in a region by id', glob('repo:*', { issuer: ghe, claims: { repository_id: '74' } })],
    ['another GitLab by sub', glob('project_path:my-group/app:*')],
    ['another GitLab by id', glob('project_path:my-group/*', { claims: { project_id: '22' } })],
    ['GitHub, just so', { issuer: github, subject: 'repo:octo-org/app:pull_request' }],
    ['three stars', glob('project:billing:*:ref:*:step:*')],
    ['a name', glob('project:shop:*')],
    ['a trust domain', glob('spiffe://example.com/*')],
  ])('%s is not', ([, value]) => {
    expect(read(value)).toHaveLength(1);
  });
});

describe('presets fill in what is known', () => {
  test.for<[string, Record<string, unknown>, Partial<TrustRule>]>([
    [
      'github',
      { repository: 'octo-org/app' },
      { issuer: github, subject_glob: 'repo:*', claims: { repository: 'octo-org/app' } },
    ],
    [
      'github with all',
      {
        platform: 'github',
        repository: 'octo-org/app',
        repository_id: '74',
        repository_owner_id: '65',
        ref: 'refs/tags/v1',
        environment: 'production',
        claims: { job_workflow_ref: 'octo-org/ci/.github/workflows/a.yml@refs/heads/main' },
      },
      {
        issuer: github,
        subject_glob: 'repo:*:environment:production',
        claims: {
          repository: 'octo-org/app',
          repository_id: '74',
          repository_owner_id: '65',
          ref: 'refs/tags/v1',
          environment: 'production',
          job_workflow_ref: 'octo-org/ci/.github/workflows/a.yml@refs/heads/main',
        },
      },
    ],
    [
      'gitlab',
      { project: 'my-group/sub/my-project' },
      {
        issuer: 'https://gitlab.com',
        subject_glob: 'project_path:my-group/sub/my-project:*',
        claims: { project_path: 'my-group/sub/my-project' },
        single_use: false,
        max_lifetime: 86_400,
      },
    ],
    [
      'gitlab with all',
      {
        platform: 'gitlab',
        issuer: 'https://gitlab.example.com',
        project: 'my-group/my-project',
        project_id: '22',
        ref: 'v1',
        ref_type: 'tag',
      },
      {
        issuer: 'https://gitlab.example.com',
        subject: 'project_path:my-group/my-project:ref_type:tag:ref:v1',
        claims: {
          project_path: 'my-group/my-project',
          project_id: '22',
          ref: 'v1',
          ref_type: 'tag',
        },
        single_use: false,
        max_lifetime: 86_400,
      },
    ],
    [
      'kubernetes',
      { issuer: cluster, namespace: 'shop', service_account: 'billing' },
      {
        issuer: cluster,
        subject: 'system:serviceaccount:shop:billing',
        single_use: false,
        max_lifetime: 172_800,
      },
    ],
    [
      'spiffe',
      { issuer: 'https://oidc.example.com', spiffe_id: 'spiffe://example.com/shop/billing' },
      {
        issuer: 'https://oidc.example.com',
        subject: 'spiffe://example.com/shop/billing',
        single_use: false,
        max_lifetime: 86_400,
      },
    ],
    [
      'aws',
      {
        issuer: 'https://abc.tokens.sts.global.api.aws',
        role: 'arn:aws:iam::123456789012:role/jobs/Billing',
        organization: 'o-a1b2c3d4e5',
      },
      {
        issuer: 'https://abc.tokens.sts.global.api.aws',
        subject: 'arn:aws:iam::123456789012:role/jobs/Billing',
        claims: {
          'https://sts.amazonaws.com/': { aws_account: '123456789012', org_id: 'o-a1b2c3d4e5' },
        },
      },
    ],
    [
      'google',
      { subject: '108372910374829103748', email: 'billing@shop.iam.gserviceaccount.com' },
      {
        issuer: 'https://accounts.google.com',
        subject: '108372910374829103748',
        claims: { email: 'billing@shop.iam.gserviceaccount.com', email_verified: true },
        single_use: false,
      },
    ],
    [
      'entra',
      { tenant, subject: object, audience: 'api://billing' },
      {
        issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
        subject: object,
        audience: 'api://billing',
        claims: { tid: tenant },
        single_use: false,
        max_lifetime: 86_400,
      },
    ],
    [
      'entra v1',
      { platform: 'entra', tenant, subject: object, version: 'v1', audience: 'api://billing' },
      {
        issuer: `https://sts.windows.net/${tenant}/`,
        subject: object,
        audience: 'api://billing',
        claims: { tid: tenant },
        single_use: false,
        max_lifetime: 86_400,
      },
    ],
    [
      'oidc',
      { issuer: written.issuer, subject_glob: 'project:billing:*', single_use: false },
      { subject_glob: 'project:billing:*', single_use: false },
    ],
  ])('%s', ([platform, value, expected]) => {
    expect(read({ platform, ...value })).toEqual([rule(expected)]);
  });

  test.for<[string, Record<string, unknown>, RegExp]>([
    ['another platform', { platform: 'jenkins' }, /^platform is one of github, gitlab, kub.+oidc$/],
    ['a name of the prototype', { platform: 'constructor' }, /^platform is one of/],
    ...[
      'https://github.com',
      'https://token.actions.githubusercontent.com/a/b',
      'https://token.actions.githubusercontent.com.example.com',
      'https://token.actions.a.b.ghe.com',
      'https://ghe.com',
      'https://github.example.com',
      'https://github.example.com/_services/token/',
      'http://github.example.com/_services/token',
    ].map((issuer): [string, Record<string, unknown>, RegExp] => [
      `GitHub at ${issuer}`,
      { platform: 'github', repository: 'octo-org/app', issuer },
      /^issuer of a rule for github (\w.+: it )?is a text such as .+octo-enterprise, .+ghe\.com or .+_services\/token$/,
    ]),
    ['no repository', { platform: 'github' }, /needs repository, such as octo-org\/app$/],
    ['no owner', { platform: 'github', repository: 'app' }, /repository of a rule for github is/],
    ['any repository', { platform: 'github', repository: 'octo-org/*' }, /is a text such as octo/],
    [
      'any ref',
      { platform: 'github', repository: 'octo-org/app', ref: 'release/*' },
      /^ref of a rule for github is a text such as main or refs\/tags\/v1$/,
    ],
    [
      'a number',
      { platform: 'github', repository: 'octo-org/app', repository_id: 74 },
      /^repository_id of a rule for github is a text such as 74$/,
    ],
    [
      'a member of another platform',
      { platform: 'github', repository: 'octo-org/app', project: 'a/b' },
      /^a rule for github has no member project; it may have issuer, repository, .+, jwks_ca$/,
    ],
    [
      'a claim that is known otherwise',
      {
        platform: 'github',
        repository: 'octo-org/app',
        claims: { repository: 'octo-org/other' },
      },
      /^the claim repository is what the platform's own members say$/,
    ],
    ['claims in an array', { platform: 'oidc', ...written, claims: [1] }, /object of claims/],
    ['GitLab without project', { platform: 'gitlab', ref: 'main' }, /needs project, such as/],
    ['GitLab, a group', { platform: 'gitlab', project: 'my-group' }, /^project of a rule for/],
    [
      'AWS without issuer',
      { platform: 'aws', role: 'arn:aws:iam::123456789012:role/Billing' },
      /needs issuer, such as .+ which aws iam get-outbound-web-identity-federation-info tells$/,
    ],
    [
      'a session of a role',
      {
        platform: 'aws',
        issuer: 'https://abc.tokens.sts.global.api.aws',
        role: 'arn:aws:sts::123456789012:assumed-role/Billing/me',
      },
      /^role of a rule for aws is a text such as arn:aws:iam::123456789012:role\/Billing$/,
    ],
    ['an e-mail address', { platform: 'google', subject: 'a@example.com' }, /the unique id of/],
    ['no audience', { platform: 'entra', tenant, subject: object }, /needs audience, such as/],
    [
      'any tenant',
      { platform: 'entra', tenant: 'common', subject: object, audience: 'a' },
      /^tenant of a rule for entra is a text such as/,
    ],
    [
      'an empty path',
      { platform: 'spiffe', issuer: written.issuer, spiffe_id: 'spiffe://example.com/' },
      /^spiffe_id of a rule for spiffe is a text such as/,
    ],
    ['oidc without subject', { platform: 'oidc', issuer: written.issuer }, /just one of them/],
    [
      'an issuer with a query',
      {
        platform: 'kubernetes',
        issuer: 'https://a.example?b',
        namespace: 'a',
        service_account: 'b',
      },
      /must not have a user name, a query/,
    ],
  ])('%s is refused', ([, value, sentence]) => {
    expect(refusal(() => read(value))).toMatch(sentence);
  });
});

describe('short forms', () => {
  const arn = 'arn:aws:iam::123456789012:role/Billing';
  const account = 'https://abc.tokens.sts.global.api.aws';
  const [claims, where] = [{ repository: 'octo-org/app' }, 'repo:*:ref:'];

  test.for<[string, Partial<TrustRule>]>([
    ['octo-org/app', { subject_glob: 'repo:*', claims }],
    [
      'octo-org/app@main',
      { subject_glob: `${where}refs/heads/main`, claims: { ...claims, ref: 'refs/heads/main' } },
    ],
    [
      'octo-org/app@feature/a',
      {
        subject_glob: `${where}refs/heads/feature/a`,
        claims: { ...claims, ref: 'refs/heads/feature/a' },
      },
    ],
    [
      'octo-org/app@refs/tags/v1',
      { subject_glob: `${where}refs/tags/v1`, claims: { ...claims, ref: 'refs/tags/v1' } },
    ],
  ])('--github %s', ([text, expected]) => {
    expect(githubRule(text, deployment)).toEqual(rule({ issuer: github, ...expected }));
  });

  test.for([github, `${github}/octo-enterprise`, ghe, `${ghe}/octocorp`, ghes])(
    '--github with --github-issuer %s',
    (githubIssuer) => {
      expect(githubRule('octo-org/app', deployment, { githubIssuer })).toEqual(
        rule({ issuer: githubIssuer, subject_glob: 'repo:*', claims }),
      );
    },
  );

  test.for([
    '',
    'app',
    'octo-org/',
    '/app',
    'octo-org/*',
    'octo-org/app@',
    '@main',
    'a/b@*',
    'a/b/c',
  ])('--github %j is refused', (text) => {
    expect(refusal(() => githubRule(text, deployment))).toMatch(/such as|written octo-org\/app/);
  });

  const neither = 'is neither that of github.com or GHE.com, nor does it end with /_services/token';
  const noHttps = 'does not begin with https://';

  test.for([
    ['', noHttps],
    ['foo', noHttps],
    ['github.example.com/_services/token', noHttps],
    ['http://github.example.com/_services/token', noHttps],
    [`${ghes}/`, 'ends with a slash'],
    [`${github}/`, 'ends with a slash'],
    ['https://github.example.com', neither],
    [`${ghes}/.well-known/openid-configuration`, neither],
    ['https://token.actions.example.com', undefined],
    ['https://a@github.example.com/_services/token', undefined],
  ] as const)('--github-issuer %j is refused, with what is wrong', ([githubIssuer, fault]) => {
    const said = fault === undefined ? '' : ` ${fault}: it`;
    expect(refusal(() => githubRule('octo-org/app', deployment, { githubIssuer }))).toBe(
      `--github-issuer${said} is a text such as ${github}/octo-enterprise, ${ghe} or ${ghes}`,
    );
  });

  test.for([
    ['', noHttps],
    ['http://abc.tokens.sts.global.api.aws', noHttps],
    ['https://abc.tokens.sts.global.api.aws/', 'ends with a slash'],
  ])('--aws-issuer %j is refused, with what is wrong', ([awsIssuer, fault]) => {
    expect(refusal(() => awsRoleRule(arn, awsIssuer, deployment))).toMatch(
      `--aws-issuer ${fault}: it is a text such as https://<id>.tokens.sts.global.api.aws, which`,
    );
  });

  test.for([
    ['--aws-role', () => awsRoleRule('Billing', account, deployment)],
    ['the repository of --github', () => githubRule('octo-org/*', deployment)],
    ['the ref of --github', () => githubRule('octo-org/app@a b', deployment)],
    ['the namespace of --kubernetes', () => kubernetesRule(`${cluster}:SHOP:a`, deployment)],
    ['the service account of --kubernetes', () => kubernetesRule(`${cluster}:a:`, deployment)],
    ['the issuer of --kubernetes', () => kubernetesRule('https://a b:shop:a', deployment)],
  ] as const)('what is wrong in %s is named so', ([named, call]) => {
    expect(refusal(call).startsWith(`${named} is a text such as `)).toBe(true);
  });

  test.for(['https://10.example.com:6443', cluster])(
    '--kubernetes with the issuer %s',
    (issuer) => {
      expect(kubernetesRule(`${issuer}:shop:billing`, deployment)).toEqual(
        rule({
          issuer,
          subject: 'system:serviceaccount:shop:billing',
          single_use: false,
          max_lifetime: 172_800,
        }),
      );
    },
  );

  test.for(['', 'shop:billing', `${cluster}:shop`, `${cluster}::billing`, `${cluster}:shop:*`])(
    '--kubernetes %j is refused',
    (text) => {
      expect(refusal(() => kubernetesRule(text, deployment))).toMatch(/such as/);
    },
  );

  test('--aws-role with --aws-issuer', () => {
    expect(awsRoleRule(arn, account, deployment)).toEqual(
      rule({
        issuer: account,
        subject: arn,
        claims: { 'https://sts.amazonaws.com/': { aws_account: '123456789012' } },
      }),
    );
  });

  test('--aws-role without --aws-issuer says how to find it', () => {
    expect(refusal(() => awsRoleRule(arn, undefined, deployment))).toContain(
      'aws iam get-outbound-web-identity-federation-info',
    );
  });
});

describe('the rules of one client', () => {
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => rule({ subject: `billing-${index}` }));

  test('are ten at most', () => {
    expect(() => checkTrustRules(rules(10))).not.toThrow();
    expect(refusal(() => checkTrustRules(rules(11)))).toBe(
      'a client has 10 trust rules at most, not 11',
    );
  });

  test('are one at least, and none of them twice', () => {
    expect(refusal(() => checkTrustRules([]))).toBe('a federated client needs a trust rule');
    expect(refusal(() => checkTrustRules([...rules(2), ...rules(1)]))).toMatch(/are the same/);
  });
});
