import type { Deployment } from '../deployment/deployment.ts';
import type { TokenCase } from '../deployment/tokens.ts';
import { type Program, run, withServer } from './program.ts';
import type { VerifierRecipe } from './recipe.ts';
import { build } from './workspace.ts';

/** What a verifier says to one token. */
interface Verdict {
  readonly taken: boolean;
  readonly said: string;
}

/** How a verifier has done with the tokens of one algorithm. */
export interface Verified {
  /** Whether it takes the right token. */
  readonly knows: boolean;
  /** What it says to that one. */
  readonly said: string;
  /** The wrong tokens that it takes. */
  readonly takes: readonly string[];
}

/** Shows a verifier the tokens of a deployment. */
export async function verify(
  recipe: VerifierRecipe,
  deployment: Deployment,
  cases: readonly TokenCase[],
): Promise<Verified> {
  const { issuer, audience, algorithm, stack } = deployment;
  try {
    await using built = await build(recipe, {
      exchanged: { RS256: algorithm, ...recipe.exchanged },
      environment: { ISSUER: issuer, AUDIENCE: audience, ...deployment.caller },
      authority: stack.tls.authority,
    });
    const ask = recipe.serves ? askServer : askFunction;
    const verdicts = await ask(
      built.program,
      cases.map(({ token }) => token),
    );
    return judged(cases, verdicts);
  } catch (error) {
    return { knows: false, said: String(error), takes: [] };
  }
}

function judged(cases: readonly TokenCase[], verdicts: readonly Verdict[]): Verified {
  const taken = cases.filter((_, index) => verdicts[index]?.taken);
  return {
    knows: taken.some(({ wrong }) => wrong === undefined),
    said: verdicts[0]?.said ?? '',
    takes: taken.flatMap(({ wrong }) => wrong ?? []),
  };
}

/** A driver reads a token a line, and answers with a line for each: `taken`, or why not. */
async function askFunction(program: Program, tokens: readonly string[]) {
  const { succeeded, stdout, stderr } = await run(program, `${tokens.join('\n')}\n`);
  // Some libraries log to the same place.
  const lines = stdout.split('\n').filter((line) => /^(taken|refused)/.test(line));
  if (succeeded && lines.length === tokens.length) {
    return lines.map((said) => ({ taken: said === 'taken', said }));
  }
  throw new Error(`${stdout}\n${stderr}`.trim().slice(-2000));
}

function askServer(program: Program, tokens: readonly string[]): Promise<readonly Verdict[]> {
  return withServer(program, async (url) => {
    const verdicts: Verdict[] = [];
    for (const token of tokens) verdicts.push(await answer(url, token));
    const without = await fetch(url);
    if (without.ok) throw new Error('it answers without a token');
    return verdicts;
  });
}

const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

async function answer(url: string, token: string): Promise<Verdict> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { status, ok } = response;
  const said = `${status} ${response.headers.get('www-authenticate') ?? ''}`;
  if (ok || refusals.has(status)) return { taken: ok, said };
  throw new Error(`it answers ${said}: ${(await response.text()).slice(0, 500)}`);
}
