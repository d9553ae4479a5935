import type { ErrorCode } from '../io/error-codes.ts';
import { foreign } from '../io/foreign.ts';

type Told = readonly [code: ErrorCode, sentence: string];

/** Names and codes of errors of the AWS SDK and of Node's sockets, with a code and a sentence for each. */
const byName: readonly (readonly [RegExp, ...Told])[] = [
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenProviderError)$/,
    'credentials_expired',
    'the AWS credentials have expired: sign in again',
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|AuthFailure)$/,
    'credentials_rejected',
    'AWS does not accept the credentials: look at the profile and the clock of this computer',
  ],
  [
    /^Throttl|^TooManyRequests|^ProvisionedThroughputExceeded|^RequestLimitExceeded/,
    'throttled',
    'AWS is busy: try again',
  ],
  [/^ResourceNotFoundException$/, 'not_a_deployment', 'a table of this deployment does not exist'],
  [
    /^(TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    'unreachable',
    'the service cannot be reached: look at the network and the region',
  ],
];

/**
 * The same where the name alone tells too little: patterns of name and message, and a sentence, in which
 * `...` stands for the first line of the message.
 */
const bySaying: readonly (readonly [RegExp, RegExp, ...Told])[] = [
  [
    /^/,
    /^Region is missing/,
    'no_region',
    'no AWS region is set: use --region, AWS_REGION or a profile that names one',
  ],
  [
    /^CredentialsProviderError$/,
    /^Could not load credentials from any providers/,
    'no_credentials',
    'no AWS credentials were found: sign in, name a profile with --profile or AWS_PROFILE that exists and has some, or use --local',
  ],
  [
    /^(CredentialsProviderError|ProviderError)$/,
    /^/,
    'no_credentials',
    'the AWS credentials cannot be loaded: ...',
  ],
  [
    /^ResourceNotFoundException$/,
    /log group/,
    'not_a_deployment',
    'the log group of this deployment’s history does not exist: it was deleted, and what it had is lost',
  ],
  [
    /^ResourceNotFoundException$/,
    /^Function not found/,
    'not_a_deployment',
    'the key rotation function of this deployment does not exist',
  ],
  [
    /^UnrecognizedClientException$/,
    /^the local stack /,
    'credentials_rejected',
    'the local stack has another access key than its directory: start it again with npm start',
  ],
  [/^AccessDenied/, /^/, 'access_denied', 'the AWS credentials do not permit this: ...'],
];

/**
 * Says in one sentence why an AWS request failed. The service's own words are kept where they
 * name what is missing, as for a permission.
 */
export const awsTrouble = (error: unknown): string => awsFailure(error).message;

/** The same, with the code for programs. */
export function awsFailure(error: unknown): { readonly code: ErrorCode; readonly message: string } {
  if (!(error instanceof Error)) return failed('something failed that gave no reason');
  const told = bySaying.find(
    ([name, message]) => name.test(error.name) && message.test(error.message),
  );
  if (told) return { code: told[2], message: told[3].replace('...', firstLine(error.message)) };
  const names = [error.name, codeOf(error), codeOf(error.cause)];
  const known = byName.find(([pattern]) => names.some((name) => pattern.test(name)));
  return known ? { code: known[1], message: known[2] } : failed(firstLine(error.message));
}

const failed = (message: string) => ({ code: 'failed', message }) as const;

const firstLine = (message: string): string =>
  foreign(message.split('\n', 1)[0] || 'something failed');

function codeOf(error: unknown): string {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded ? String(error.code) : '';
}
