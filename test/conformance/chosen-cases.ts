import { CliError } from '../../cli/io/cli-error.ts';
import { allCases } from './all-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { notVisible } from './not-visible.ts';
import type { RegistrationPlan } from './registration.ts';
import type { ClientName } from './throw-away.ts';

/**
 * Finds the cases of some letters and rules.
 * @param only absent: all of them
 * @throws CliError when there is none for one of them
 */
export function chosenCases(only: readonly string[] | undefined): readonly ConformanceCase[] {
  if (!only) return allCases;
  for (const wanted of only) checkCovered(wanted);
  return allCases.filter(({ rule }) => only.some((wanted) => covers(rule, wanted)));
}

/** The clients that cases use which can be run with what there is. */
export function neededClients(
  cases: readonly ConformanceCase[],
  { api, certificate }: Pick<RegistrationPlan, 'api' | 'certificate'>,
): readonly ClientName[] {
  const usable = cases
    .filter(({ callsApi }) => api !== undefined || !callsApi)
    .filter(({ showsCertificate }) => certificate !== undefined || !showsCertificate);
  return [...new Set(usable.flatMap(({ uses = [] }) => uses))];
}

function checkCovered(wanted: string): void {
  if (allCases.some(({ rule }) => covers(rule, wanted))) return;
  const why = notVisible[wanted];
  throw new CliError(`there is no case for ${wanted}${why ? `: ${why}` : ''}`, 2);
}

/** Whether a rule such as `A01` or `C01-C07, C09` is of this letter, or has this number in it. */
function covers(rule: string, wanted: string): boolean {
  if (wanted.length === 1) return rule.startsWith(wanted);
  return rule.split(', ').some((part) => {
    const [first = '', last = first] = part.split('-');
    return first <= wanted && wanted <= last;
  });
}
