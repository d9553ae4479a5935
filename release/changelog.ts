/** What of CHANGELOG.md a release is about. */
export interface ReleasedChangelog {
  /** CHANGELOG.md as it is in the release. */
  readonly text: string;
  /** The section of the release, without its heading. */
  readonly notes: string;
}

const unreleased = '## Unreleased';

/**
 * Gives the section of a version. Where there is none, what is unreleased becomes it.
 * @param date of the release, such as 2026-01-31
 * @throws Error, one sentence, when there is nothing to release
 */
export function releasedChangelog(text: string, version: string, date: string): ReleasedChangelog {
  const own = sectionOf(text, (heading) => heading.startsWith(`## ${version} `));
  if (own !== undefined) return { text, notes: own };
  const notes = sectionOf(text, (heading) => heading === unreleased);
  if (notes === undefined || notes === '') {
    throw new Error(
      `CHANGELOG.md has no section "## ${version} (date)", and nothing under "${unreleased}" to make it of.`,
    );
  }
  const heading = `${unreleased}\n\n## ${version} (${date})`;
  return { text: text.replace(/^## Unreleased$/m, () => heading), notes };
}

function sectionOf(text: string, isOurs: (heading: string) => boolean): string | undefined {
  const sections = text.split(/^(?=## )/m);
  const found = sections.find((section) => isOurs(section.slice(0, section.indexOf('\n'))));
  return found?.replace(/^.*\n/, '').trim();
}
