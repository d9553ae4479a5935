import { challenge } from '../../functions/authorizer/challenge.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { profileName } from '../settings/choices/security-profile.ts';
import type { AcceptedTokens } from './access-token-settings.ts';
import { type BoundTokensProps, nonceMode } from './bound-tokens.ts';
import type { ChallengeOptions } from './challenge-options.ts';

/** What the challenges of a REST API are made of. */
export type ChallengeProps = Pick<AcceptedTokens, 'audience' | 'profile'> &
  Pick<ChallengeOptions, 'allowOrigins' | 'realm'> & {
    /** The authorizer that asks for them. */
    readonly path: string;
    readonly boundTokens?: BoundTokensProps;
    /** The URL of the API's metadata, which may be added later; undefined: there are none. */
    readonly metadataUrl?: () => string | undefined;
  };

/** Whether clients have to be told a nonce (RFC 9449 §9). */
export const tellsNonces = ({ boundTokens }: Pick<ChallengeProps, 'boundTokens'>): boolean =>
  boundTokens !== undefined && nonceMode(boundTokens) !== 'off';

/** The error where nonces are required and no gateway response tells them. */
export const noWayToTellNonces =
  'boundTokens.dpopNonce is DpopNonce.REQUIRED, but no REST API tells a client which nonce to use: call addChallenges(restApi).';

/**
 * The challenge for a request without a token, which has no error code (RFC 6750 §3.1), but leads to one (RFC
 * 9728 §5.1).
 * @param members those that share it, who agree
 */
export function withoutCredentials(members: readonly ChallengeProps[]): string {
  const [first] = members;
  if (first === undefined) return '';
  const url = members
    .map(({ metadataUrl }) => metadataUrl?.())
    .find((known) => known !== undefined);
  const guidance = { resource_metadata: url };
  const bearer = challenge('Bearer', { realm: realmOf(first), ...guidance });
  const algs = algsOf(first);
  return algs === undefined ? bearer : `${bearer}, ${challenge('DPoP', { algs, ...guidance })}`;
}

// API Gateway wants static text in single quotes, and knows no way to write one inside.
const realmOf = ({ realm, audience }: ChallengeProps): string =>
  (realm ?? audience).replaceAll("'", '%27');

const algsOf = ({ boundTokens, profile }: ChallengeProps): string | undefined =>
  boundTokens && profiles[profileName(profile)].dpopAlgorithms.join(' ');

/** What two authorizers of one API have to say alike, and what to do where they do not. */
const shared: readonly {
  readonly of: (props: ChallengeProps) => unknown;
  readonly remedy: string;
}[] = [
  { of: realmOf, remedy: 'give both the same realm: addChallenges(restApi, { realm })' },
  { of: algsOf, remedy: 'let both take bound tokens, with one profile, or neither' },
  { of: tellsNonces, remedy: 'set boundTokens.dpopNonce to the same for both' },
  {
    of: ({ allowOrigins = [] }) => allowOrigins.join(),
    remedy: 'give both the same allowOrigins',
  },
];

/**
 * Finds what two authorizers want one REST API to answer, and it cannot answer both.
 * @returns one sentence for each
 */
export function contradictions(
  api: string,
  one: ChallengeProps | undefined,
  other: ChallengeProps,
): string[] {
  if (one === undefined || one === other) return [];
  const problem = `"${one.path}" and "${other.path}" want other challenges of "${api}", which has one for all of its routes`;
  const remedies = shared.filter(({ of }) => of(one) !== of(other)).map(({ remedy }) => remedy);
  const metadata = haveOneMetadata(one, other) ? [] : [oneMetadata];
  return [...remedies, ...metadata].map(
    (remedy) => `${problem}: ${remedy}, or make an API for each.`,
  );
}

const oneMetadata = 'let the metadata of one of them be the only ones';

/** One without metadata goes by those of the other, if they are of the same resource. */
function haveOneMetadata(one: ChallengeProps, other: ChallengeProps): boolean {
  const [url, otherUrl] = [one.metadataUrl?.(), other.metadataUrl?.()];
  const isShared = url === undefined || otherUrl === undefined;
  return url === otherUrl || (isShared && one.audience === other.audience);
}
