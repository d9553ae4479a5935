import type { Examination } from '../examination/examination.ts';
import {
  faultsOr,
  judged,
  notChecked,
  problem,
  type Verdict,
  warning,
} from '../findings/finding.ts';
import {
  type Authorizer,
  authorizersOf,
  restAuthorization,
  unresolved,
} from '../template/lambda-authorizer.ts';

/** Seconds: an authorizer that caches longer honours an expired or revoked token for too long. */
const longest = 300;

/**
 * Whether API Gateway caches the answers of the stacks' authorizers for a short time only, and under
 * all that an answer depends on (RFC 9068 §4).
 */
export async function checkAuthorizerCache({ subject }: Examination): Promise<readonly Verdict[]> {
  const looks = subject.templates.map(({ read }) =>
    judged(async () => authorizersOf(await read()).flatMap(authorizerVerdicts)),
  );
  const verdicts = (await Promise.all(looks)).flat();
  return verdicts.length > 0 ? verdicts : [noAuthorizer];
}

const noAuthorizer = notChecked(
  'No Lambda authorizer is known.',
  'Name the CloudFormation stacks of the APIs with --api-stack.',
);

function authorizerVerdicts(authorizer: Authorizer): readonly Verdict[] {
  const { who, ttl, sources, takesBoundTokens = false } = authorizer;
  if (takesBoundTokens && ttl !== 0) return [cachedPossession(who)];
  if (ttl === 0) return faultsOr(headerFaults(authorizer), `${who} caches no answer.`);
  const faults = [
    ...sourceFaults(authorizer),
    ...headerFaults(authorizer),
    ...(Number.isNaN(ttl) ? [unknownTtl(who)] : []),
    ...(ttl > longest ? [keptTooLong(who, ttl)] : []),
  ];
  const fine = `${who} caches an answer for ${ttl} s, under ${sources.join(' and ')}.`;
  return faultsOr(faults, fine);
}

function sourceFaults({ who, ttl, sources, needs }: Authorizer): readonly Verdict[] {
  const lacking = needs.find(([source]) => !includes(sources, source));
  if (!lacking) return [];
  if (sources.includes(unresolved)) return [unknownSources(who)];
  return [lackingSource(Number.isNaN(ttl) ? `${who} may cache` : `${who} caches`, lacking)];
}

const includes = (sources: readonly string[], wanted: string): boolean =>
  sources.some((source) => source.toLowerCase() === wanted.toLowerCase());

/** Clients send access tokens in the header Authorization (RFC 6750 §2.1). */
function headerFaults({ who, sources, hasOneHeader = false }: Authorizer): readonly Verdict[] {
  if (!hasOneHeader || includes(sources, restAuthorization) || sources.includes(unresolved))
    return [];
  const what = `${who} takes the access token from ${sources.join(' and ')}, not from Authorization.`;
  return [warning(what, 'Make Authorization its header: clients send access tokens there.')];
}

function unknownTtl(who: string): Verdict {
  const what = `How long ${who.replace('The', 'the')} caches an answer is a parameter.`;
  return notChecked(what, 'Look at its value in CloudFormation.');
}

function unknownSources(who: string): Verdict {
  const what = `What ${who.replace('The', 'the')} caches an answer under is a parameter.`;
  return notChecked(what, 'Look at its identity sources in API Gateway.');
}

function lackingSource(what: string, [source, wrong]: Authorizer['needs'][number]): Verdict {
  return problem(
    `${what} answers without ${source}: ${wrong}.`,
    'Add it to the identity sources of the authorizer, or set its cache to 0 seconds.',
  );
}

/** A cached answer asks for no DPoP proof, and so accepts a stolen token (RFC 9449 §11.1). */
const cachedPossession = (who: string): Verdict =>
  problem(
    `${who} takes tokens that are bound to a key or a certificate, and caches answers: one lets in whoever shows the same token, without a look at the proof.`,
    'Set its cache to 0 seconds.',
  );

function keptTooLong(who: string, ttl: number): Verdict {
  return warning(
    `${who} caches an answer for ${ttl} s: a token that has expired or was revoked is honoured for as long.`,
    `Set its cache to ${longest} seconds or fewer.`,
  );
}
