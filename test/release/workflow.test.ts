import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

const text = readFileSync(join(import.meta.dirname, '../../.github/workflows/release.yml'), 'utf8');
const workflow = parse(text);
const jobs: Readonly<Record<string, Job>> = workflow.jobs;
const steps = Object.values(jobs).flatMap((job) => job.steps);
const commands = (name: string): string =>
  (jobs[name]?.steps ?? []).map(({ run }) => run).join('\n');

/** The jobs that have to be done well before a job begins. */
function awaitedBy(name: string): readonly string[] {
  const needs = [jobs[name]?.needs ?? []].flat();
  return [...needs, ...needs.flatMap(awaitedBy)];
}

describe('the workflow that publishes', () => {
  test('begins with the tag of a version alone', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  });

  test('runs actions of others by commit, each with its version beside it', () => {
    const lines = text.match(/uses: .*/g) ?? [];
    expect(lines.length).toBe(steps.filter(({ uses }) => uses).length);
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('may do nothing, and each job what it has to', () => {
    expect(workflow.permissions).toEqual({});
    const permissions = Object.entries(jobs).map(([name, job]) => [name, job.permissions]);
    expect(Object.fromEntries(permissions)).toEqual({
      test: { contents: 'read' },
      audit: { contents: 'read' },
      files: { contents: 'read' },
      attest: { 'id-token': 'write', attestations: 'write' },
      publish: { 'id-token': 'write' },
      'github-release': { contents: 'write' },
    });
  });

  test('has no secret, and leaves no credential in a checkout', () => {
    expect(text).not.toMatch(/secrets|_authToken|NODE_AUTH_TOKEN|NPM_TOKEN/);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts)
      expect(checkout.with).toEqual({ 'persist-credentials': false });
  });

  test('runs no code of the repository or its packages where it may write', () => {
    const writing = Object.values(jobs).filter(({ permissions = {} }) =>
      Object.values(permissions).includes('write'),
    );
    for (const { uses = '', run = '' } of writing.flatMap((job) => job.steps)) {
      expect(uses).not.toMatch(/^actions\/checkout/);
      expect(run).not.toMatch(/npm (ci|install|run)|npx/);
    }
    expect(commands('publish')).toContain('--ignore-scripts');
  });

  test('puts nothing that a tag says into a command', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  test('tests, audits and attests before it publishes, and publishes before it tells', () => {
    expect(awaitedBy('publish')).toEqual(
      expect.arrayContaining(['test', 'audit', 'files', 'attest']),
    );
    expect(awaitedBy('github-release')).toContain('publish');
    expect(commands('test')).toContain('.ci/run');
    expect(commands('audit')).toContain('npm audit --audit-level=high');
    expect(commands('files')).toContain('npm run release -- --dry-run --tag "$TAG"');
    expect(commands('publish')).toMatch(/sha256sum --check SHA256SUMS\n.*11\.5\.1\n.*npm publish/);
    expect(jobs.publish?.environment).toBe('npm');
  });
});
