import { issuerFaults, type Preset } from './preset.ts';

/** A number that a platform gave something, which nobody else gets when its name is free again. */
const id = (such: string) => ({ pattern: /^\d{1,20}$/, such });

const githubIssuer = 'https://token.actions.githubusercontent.com';

/**
 * GitHub Actions, at github.com or at another GitHub, whose issuer is then told. A job asks for a JWT with a
 * `jti` whenever it needs one, for the audience that it names. The claim `repository` names it, since `sub` comes in two forms: `repo:octo-org/app:...`, and
 * `repo:octo-org@1/app@2:...` with ids that are never given to anybody else. `sub` ends with the
 * environment of the job if it has one, else with the ref. A rule without either is for every job of the
 * repository that may ask for a JWT, those of pull requests included. A repository that customizes `sub`
 * needs a rule that is written out, with the claim `repository`.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export const github: Preset<
  'issuer' | 'repository' | 'ref' | 'environment' | 'repository_id' | 'repository_owner_id'
> = {
  members: {
    issuer: {
      pattern:
        /^https:\/\/(token\.actions\.(githubusercontent|[\w-]+\.ghe)\.com(\/[\w-]+)?|[^\s/?#@]+\/_services\/token)$/,
      faults: [
        ...issuerFaults,
        [
          /^https:\/\/token\.actions\.|\/_services\/token$/,
          'is neither that of github.com or GHE.com, nor does it end with /_services/token',
        ],
      ],
      such: `${githubIssuer}/octo-enterprise, https://token.actions.octocorp.ghe.com or https://github.example.com/_services/token`,
    },
    repository: {
      needed: true,
      pattern: /^[A-Za-z0-9_-]+\/[A-Za-z0-9_.-]+$/,
      such: 'octo-org/app',
    },
    ref: { pattern: /^[^\s*:]+$/, such: 'main or refs/tags/v1' },
    environment: { pattern: /^[^*:]+$/, such: 'production' },
    repository_id: id('74'),
    repository_owner_id: id('65'),
  },
  rule: ({ issuer = githubIssuer, ref, environment, ...named }) => {
    const fullRef = ref?.startsWith('refs/') === false ? `refs/heads/${ref}` : ref;
    const where = fullRef && `ref:${fullRef}`;
    const end = environment ? `environment:${environment}` : where;
    return {
      issuer,
      subject_glob: end ? `repo:*:${end}` : 'repo:*',
      claims: {
        ...named,
        ...(fullRef && { ref: fullRef }),
        ...(environment && { environment }),
      },
      single_use: true,
      max_lifetime: 3600,
    };
  },
};

/**
 * GitLab CI/CD. A job is handed one JWT for each audience that its `id_tokens` name, for as long as
 * it may run, and shows it as often as it likes: not single use. A day is a long job; a project may allow
 * a month, which its rule has to say. `sub` is `project_path:GROUP/PROJECT:ref_type:TYPE:ref:REF`, unless the
 * project has it made otherwise.
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication
 */
export const gitlab: Preset<'issuer' | 'project' | 'project_id' | 'ref' | 'ref_type'> = {
  members: {
    issuer: { pattern: /^\S+$/, such: 'https://gitlab.example.com' },
    project: {
      needed: true,
      pattern: /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)+$/,
      such: 'my-group/my-project',
    },
    project_id: id('22'),
    ref: { pattern: /^[^\s*:]+$/, such: 'main' },
    ref_type: { pattern: /^(branch|tag)$/, such: 'branch or tag' },
  },
  rule: ({ issuer = 'https://gitlab.com', project, project_id, ref, ref_type }) => {
    const type = ref_type ?? (ref && 'branch');
    const start = `project_path:${project}`;
    const subject = ref && `${start}:ref_type:${type}:ref:${ref}`;
    return {
      issuer,
      ...(subject ? { subject } : { subject_glob: `${start}:*` }),
      claims: {
        ...(project && { project_path: project }),
        ...(project_id && { project_id }),
        ...(ref && { ref }),
        ...(type && { ref_type: type }),
      },
      single_use: false,
      max_lifetime: 86_400,
    };
  },
};
