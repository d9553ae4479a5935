import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allCases } from '../conformance/all-cases.ts';
import { notVisible } from '../conformance/not-visible.ts';
import { markdownReport } from '../conformance/report.ts';
import type { CaseResult } from '../conformance/suite.ts';
import knownFailures from '../deploy/known-failures.json' with { type: 'json' };

/** The reports in docs/conformance, which are generated and not typed. */

const directory = join(import.meta.dirname, '../../docs/conformance');

describe.for(['local', 'ministack'])('docs/conformance/%s', async (name) => {
  const { cases, not_visible, ...run } = JSON.parse(
    await readFile(join(directory, `${name}.json`), 'utf8'),
  );
  const results = cases as readonly CaseResult[];

  test('has the cases that the suite has', () => {
    const about = (one: Pick<CaseResult, 'rule' | 'section' | 'title'>) =>
      [one.rule, one.section, one.title].join(' | ');
    expect(results.map(about)).toEqual(allCases.map(about));
    expect(not_visible).toEqual(notVisible);
  });

  test('has no failure but those of the emulator that are known', () => {
    const wanting = results.filter(
      ({ verdict }) => verdict === 'fail' || verdict === 'known failure',
    );
    const known = Object.entries(name === 'ministack' ? knownFailures : {});
    expect(wanting.map(({ rule, title }) => `${rule}: ${title}`).sort()).toEqual(
      known.map(([key]) => key).sort(),
    );
    for (const [, excuse] of known) expect(JSON.stringify(wanting)).toContain(excuse);
  });

  test('says the same in Markdown', async () => {
    const markdown = await readFile(join(directory, `${name}.md`), 'utf8');
    expect(markdown).toBe(markdownReport({ ...run, results, notVisible }));
  });
});
