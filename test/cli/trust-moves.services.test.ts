import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** A name at one server of a platform is somebody else's at another: trust moves where somebody says so. */

const { contents, directory } = await localDeployment();
const github = 'https://token.actions.githubusercontent.com';
const server = 'https://github.example.com/_services/token';
const ghe = 'https://token.actions.octocorp.ghe.com';
const enterprise = `${github}/octo-enterprise`;
const repository = ['--github', 'octo/b'];
const of = (platform: string, more: object) =>
  trustFile(`${platform}-${Object.keys(more).join('-')}.json`, [{ platform, ...more }]);

async function trustFile(name: string, rules: unknown): Promise<readonly string[]> {
  const path = join(directory, 'trust', name);
  await mkdir(join(directory, 'trust'), { recursive: true });
  await writeFile(path, JSON.stringify(rules));
  return ['--trust', path];
}

const update = (id: string, ...more: readonly string[]) =>
  inProcess(['client', 'update', id, ...more, '--local', '--json']);
const trustOf = (stdout: string) =>
  (JSON.parse(stdout) as { trust: readonly { issuer: string }[] }).trust.map((one) => one.issuer);

const at = (issuer: string) => ['--github', 'octo/app@main', '--github-issuer', issuer];
const gitlabServer = 'https://gitlab.example.com';
const clients: Readonly<Record<string, readonly string[]>> = {
  'at-server': at(server),
  'at-ghe': at(ghe),
  'at-enterprise': at(enterprise),
  'at-both': [...at(server), ...(await of('github', { repository: 'octo/app' }))],
  'at-github': ['--github', 'octo/app'],
  'at-gitlab': await of('gitlab', { issuer: gitlabServer, project: 'octo/app' }),
  'at-gitlab-written-out': await trustFile('written-out.json', {
    issuer: gitlabServer,
    subject_glob: 'project_path:octo/app:*',
  }),
  'at-aws': [
    '--aws-role',
    'arn:aws:iam::123456789012:role/worker',
    '--aws-issuer',
    'https://a1b2.tokens.sts.global.api.aws',
  ],
  'by-secret': [],
};

beforeAll(async () => {
  await inProcess(['resource', 'create', 'https://api.example', '--scope', 'read', '--local']);
  for (const [id, more] of Object.entries(clients)) {
    const create = [
      'client',
      'create',
      '--name',
      id,
      '--client-id',
      id,
      ...more,
      '--yes',
      '--local',
    ];
    expect(await inProcess(create)).toMatchObject({ exitCode: 0 });
  }
});

const githubFile = await of('github', { repository: 'octo/b' });
const gitlabFile = await of('gitlab', { project: 'octo/b' });

describe('B03: a rule that names no issuer does not move the trust of a client', () => {
  const gitlab = 'https://gitlab.com';

  test.for([
    ['at-server', '--github without --github-issuer', repository, server, github],
    ['at-ghe', '--github without --github-issuer', repository, ghe, github],
    ['at-enterprise', '--github without --github-issuer', repository, enterprise, github],
    ['at-both', '--github without --github-issuer', repository, server, github],
    ['at-server', 'a rule for github without issuer', githubFile, server, github],
    ['at-gitlab', 'a rule for gitlab without issuer', gitlabFile, gitlabServer, gitlab],
    ['at-gitlab-written-out', 'a rule for gitlab without issuer', gitlabFile, gitlabServer, gitlab],
  ] as const)('%s: %s', async ([id, what, words, today, byDefault]) => {
    const before = await contents();
    const { exitCode, stdout, stderr } = await update(id, ...words, '--yes');
    const option = what.replace(/.* /, '');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      `error: ${what} is for ${byDefault}, and the client has rules for ${today}: give ${option}, which is ${today} or ${byDefault}\n`,
    );
    expect(await contents()).toEqual(before);
  });
});

describe('B03: it is moved', () => {
  test.for([
    ['by whoever names the other', 'at-server', [...repository, '--github-issuer', github], github],
    ['and back', 'at-server', [...repository, '--github-issuer', server], server],
    ['or stays where it is', 'at-github', repository, github],
    ['from another platform', 'at-aws', repository, github],
    ['from a GitLab to github.com', 'at-gitlab', repository, github],
    ['from a secret', 'by-secret', [...repository, '--yes'], github],
  ] as const)('%s', async ([, id, words, issuer]) => {
    const { exitCode, stdout, stderr } = await update(id, ...words);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(trustOf(stdout)).toEqual([issuer]);
  });
});
