import { revokedTokens } from '../deployment/revoked-tokens.ts';
import { wrongTokens } from '../deployment/tokens.ts';
import type { ClientResult, InteropResults, VerifierResult } from '../running/interop-run.ts';
import { algorithms, methods, type Recipe } from '../running/recipe.ts';

/** What becomes a page. */
export interface Report extends InteropResults {
  /** Sentences on what was not run, and why. */
  readonly leftOut: readonly string[];
  /** The library of a recipe with its version. */
  readonly named: (recipe: Recipe) => string;
}

/** The page with the tables. */
export function interopPage({ verified, got, leftOut, named }: Report): string {
  const excuses = verified.flatMap(({ recipe }) =>
    Object.entries(recipe.takes ?? {}).map(
      ([wrong, why]) => `- ${recipe.title}, ${wrong}: ${why}.`,
    ),
  );
  return [
    '# Software of others, as tested',
    '',
    'The recipes of [Verify without us](verify.md), [Introspection](introspection.md) and',
    '[Recipes for clients](client-recipes.md), run as they are printed. `npm run interop -- --report docs/interop.md`',
    'makes this page anew.',
    '',
    '## Verifiers',
    '',
    '✓: takes a token of the deployment and refuses each wrong one. –: does not know the algorithm.',
    '',
    ...table(
      ['verifier', ...algorithms],
      grouped(verified, named).map(([name, results]) => [
        name,
        ...algorithms.map((name) => verdict(results.find(({ algorithm }) => algorithm === name))),
      ]),
    ),
    '',
    ...(excuses.length > 0 ? ['What is not refused:', '', ...new Set(excuses), ''] : []),
    `The wrong tokens: ${wrongTokens.join('; ')}.`,
    '',
    `Verifiers that know what is revoked also refuse these: ${revokedTokens.join('; ')}.`,
    '',
    '## Clients',
    '',
    '✓: gets its token, and none for a client that has other credentials, or a grant without the scope. The last column',
    'is what the program shows of these two refusals.',
    '',
    ...table(
      ['client', ...methods.map((method) => `\`${method}\``), 'shows'],
      grouped(got, named).map(([name, results]) => [
        name,
        ...methods.map((name) => outcome(results.find(({ method }) => method === name))),
        shown(results),
      ]),
    ),
    '',
    ...(leftOut.length > 0 ? ['## Left out', '', ...leftOut.map((line) => `- ${line}`), ''] : []),
  ].join('\n');
}

const verdict = (result: VerifierResult | undefined): string => {
  if (!result) return '';
  if (result.problem !== undefined) return 'fails';
  if (!result.knows) return '–';
  return result.takes.length > 0 ? `✓ but for ${result.takes.join(', ')}` : '✓';
};

const outcome = (result: ClientResult | undefined): string => {
  if (!result) return '';
  return result.problem === undefined ? '✓' : 'fails';
};

const shown = (results: readonly ClientResult[]): string =>
  [...new Set(results.flatMap(({ shows }) => shows))]
    .sort()
    .map((code) => `\`${code}\``)
    .join(', ');

function grouped<Result extends VerifierResult | ClientResult>(
  results: readonly Result[],
  named: Report['named'],
): readonly (readonly [string, readonly Result[]])[] {
  return [...Map.groupBy(results, ({ recipe }) => named(recipe))];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}
