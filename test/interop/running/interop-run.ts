import type { SigningAlgorithmName } from '../../../functions/aws/signing-algorithms.ts';
import { type Deployment, startDeployment } from '../deployment/deployment.ts';
import { revokedCases } from '../deployment/revoked-tokens.ts';
import { tokenCases } from '../deployment/tokens.ts';
import { type Got, get, makeCredentials } from './getting.ts';
import { algorithms, type ClientRecipe, type Method, type VerifierRecipe } from './recipe.ts';
import { type Verified, verify } from './verifying.ts';

/** How one verifier has done with one algorithm. */
export interface VerifierResult extends Verified {
  readonly recipe: VerifierRecipe;
  readonly algorithm: SigningAlgorithmName;
  /** What is not as the recipe says; undefined: all is. */
  readonly problem: string | undefined;
}

/** How one client has done with one method. */
export interface ClientResult extends Got {
  readonly recipe: ClientRecipe;
  readonly method: Method;
}

/** What a run takes. */
export interface InteropRun {
  readonly verifiers: readonly VerifierRecipe[];
  readonly clients: readonly ClientRecipe[];
  /** @default all that a deployment may sign with */
  readonly algorithms?: readonly SigningAlgorithmName[];
  /** Takes a line on each result. */
  readonly progress: (line: string) => void;
}

/** What came of it. */
export interface InteropResults {
  readonly verified: readonly VerifierResult[];
  readonly got: readonly ClientResult[];
}

/**
 * Shows verifiers the tokens of each algorithm, and lets clients get tokens from the first deployment.
 * There is one deployment at a time.
 */
export async function interop(run: InteropRun): Promise<InteropResults> {
  const verified: VerifierResult[] = [];
  const got: ClientResult[] = [];
  const [first, ...others] = run.algorithms ?? algorithms;
  const isNothing = run.verifiers.length + run.clients.length === 0;
  if (first && !isNothing) {
    run.progress(`${first}: starting a local stack`);
    await using deployment = await startDeployment(first);
    got.push(...(await tryClients(run, deployment)));
    verified.push(...(await tryVerifiers(run, deployment)));
  }
  for (const algorithm of run.verifiers.length > 0 ? others : []) {
    run.progress(`${algorithm}: starting a local stack`);
    await using deployment = await startDeployment(algorithm);
    verified.push(...(await tryVerifiers(run, deployment)));
  }
  return { verified, got };
}

async function tryVerifiers(
  { verifiers, progress }: InteropRun,
  deployment: Deployment,
): Promise<readonly VerifierResult[]> {
  const { algorithm } = deployment;
  const cases = await tokenCases(deployment);
  const revoked = verifiers.some(({ revokes }) => revokes) ? await revokedCases(deployment) : [];
  const results: VerifierResult[] = [];
  for (const recipe of verifiers) {
    const result = await verify(recipe, deployment, [...cases, ...(recipe.revokes ? revoked : [])]);
    const problem = verifierProblem(recipe, algorithm, result);
    progress(
      `${algorithm}, ${recipe.title}: ${problem ?? (result.knows ? 'ok' : 'not known, as expected')}`,
    );
    results.push({ ...result, recipe, algorithm, problem });
  }
  return results;
}

function verifierProblem(
  { knows, takes = {} }: VerifierRecipe,
  algorithm: SigningAlgorithmName,
  result: Verified,
): string | undefined {
  if (knows.includes(algorithm) && !result.knows) return `refuses the right token: ${result.said}`;
  if (!knows.includes(algorithm) && result.knows) return 'knows this algorithm now';
  const wrong = result.takes.filter((title) => !Object.hasOwn(takes, title));
  return wrong.length > 0 ? `takes a wrong token: ${wrong.join(', ')}` : undefined;
}

async function tryClients(
  { clients, progress }: InteropRun,
  deployment: Deployment,
): Promise<readonly ClientResult[]> {
  const credentials = await makeCredentials(deployment);
  const results: ClientResult[] = [];
  for (const recipe of clients) {
    for (const method of Object.keys(recipe.methods) as Method[]) {
      const got = await get(recipe, method, deployment, credentials).catch((error) => ({
        problem: String(error),
        shows: [],
      }));
      progress(`${recipe.title} by ${method}: ${got.problem ?? 'ok'}`);
      results.push({ ...got, recipe, method });
    }
  }
  return results;
}
