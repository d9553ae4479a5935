import { Duration, Token } from 'aws-cdk-lib';
import { ConfigurationError, wrongValue } from '../../settings/configuration-error.ts';
import { checkedDuration } from '../../settings/durations.ts';
import type { ApiAuthorizer } from '../apis/api.ts';

/** What is asked of a cache. */
interface CacheProps {
  readonly resultsCacheTtl?: Duration;
  readonly boundTokens?: object;
}

/**
 * How long API Gateway may keep an authorizer's answers. Not at all where tokens are bound: an answer
 * from the cache is given to whoever shows the same values, and a proof counts once (RFC 9449 §11.1).
 * @throws ConfigurationError
 */
export function resultsCacheTtl({ resultsCacheTtl: asked, boundTokens }: CacheProps): Duration {
  const ttl = asked ?? Duration.seconds(usualCache({ boundTokens }));
  const seconds = checkedDuration(ttl, 'resultsCacheTtl').toSeconds();
  if (seconds > 3600) throw wrongValue('resultsCacheTtl', seconds, 'must be at most 3600 seconds');
  if (boundTokens === undefined || seconds === 0) return ttl;
  const value = Token.isUnresolved(seconds)
    ? 'known at the deployment alone'
    : `${seconds} seconds`;
  throw new ConfigurationError(
    `resultsCacheTtl is ${value}, but with boundTokens ${whyNot}: leave resultsCacheTtl out, ` +
      'or set it to Duration.seconds(0).',
  );
}

/** Seconds that API Gateway keeps an answer where nobody says otherwise. */
export const usualCache = ({ boundTokens }: Pick<CacheProps, 'boundTokens'>): number =>
  boundTokens ? 0 : 60;

const whyNot =
  'API Gateway would let in whoever shows an Authorization value that it has seen, without anybody looking at the proof';

/** What is called, and what its answers depend on. */
interface Called {
  readonly path: string;
  readonly takesBound: boolean;
  /** Seconds for which an answer may be kept, so that tokens that were taken back are refused in time. */
  readonly longest: number;
}

/**
 * Finds the authorizers whose cached answer API Gateway would give to another request than it was made for.
 * Those of type TOKEN are left out: their policy is right for all routes, and bound tokens are refused there.
 * @returns one sentence for each
 */
export const sharedAnswers = (authorizers: readonly ApiAuthorizer[], called: Called): string[] =>
  authorizers
    .filter(({ type, seconds }) => type !== 'TOKEN' && seconds !== 0)
    .flatMap((authorizer) => {
      const problem = called.takesBound ? forBoundTokens : missingSources(authorizer);
      if (problem === undefined) return [];
      return [`${kept(authorizer, called)}, but ${problem}.`];
    });

/**
 * Finds the authorizers whose cached answer would let in a token that was taken back longer ago than it may be,
 * whatever their type.
 * @returns one sentence for each
 */
export const lateAnswers = (authorizers: readonly ApiAuthorizer[], called: Called): string[] =>
  authorizers
    .filter(
      ({ seconds }) => !(seconds <= called.longest) && called.longest !== Number.POSITIVE_INFINITY,
    )
    .map(
      (authorizer) =>
        `${kept(authorizer, called)}, but refuseRevokedWithin leaves ${called.longest} seconds for that: set its ` +
        'result cache to as many or fewer.',
    );

function kept({ path, seconds }: ApiAuthorizer, called: Called): string {
  const time = Number.isNaN(seconds) ? 'as long as a parameter says' : `${seconds} seconds`;
  return `"${path}" keeps the answers of "${called.path}" for ${time}`;
}

const forBoundTokens = `with boundTokens ${whyNot}: set its result cache to 0 seconds`;

/** What an answer depends on, as each kind of API writes it: the route alone does not decide. */
export const identitySources = {
  HTTP: [
    '$request.header.Authorization',
    '$context.routeKey',
    '$context.httpMethod',
    '$context.path',
  ],
  REST: [
    'method.request.header.Authorization',
    'context.httpMethod',
    'context.resourcePath',
    'context.path',
  ],
};

function missingSources({ kind, ...authorizer }: ApiAuthorizer): string | undefined {
  const given = new Set(authorizer.identitySources.map((source) => source.toLowerCase()));
  const missing = identitySources[kind].filter((source) => !given.has(source.toLowerCase()));
  if (missing.length === 0) return undefined;
  return (
    `without ${missing.join(' and ')} among its identity sources an answer to one request is given to ` +
    'others: add what is missing, or set its result cache to 0 seconds'
  );
}
