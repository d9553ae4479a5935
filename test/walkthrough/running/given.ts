/** What the command that starts the walkthrough tells it. */
export const {
  /** The package, as npm packs it. */
  TARBALL: tarball = '',
  /** The page to write, if any. */
  REPORT: report,
} = process.env;

/** What leads npm to its registry, as variables. */
export const npmVariables: Readonly<Record<string, string>> = JSON.parse(
  process.env.NPM_VARIABLES ?? '{}',
);
