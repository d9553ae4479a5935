/** Names and codes of errors of the AWS SDK and of Node's sockets, with a sentence for each. */
const byName: readonly (readonly [RegExp, string])[] = [
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenProviderError)$/,
    'the AWS credentials have expired: sign in again',
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|AuthFailure)$/,
    'AWS does not accept the credentials: look at the profile and the clock of this computer',
  ],
  [
    /^Throttl|^TooManyRequests|^ProvisionedThroughputExceeded|^RequestLimitExceeded/,
    'AWS is busy: try again',
  ],
  [/^ResourceNotFoundException$/, 'the registry table of this deployment does not exist'],
  [
    /^(TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    'the service cannot be reached: look at the network and the region',
  ],
];

/**
 * The same where the name alone tells too little: patterns of name and message, and a sentence, in which
 * `...` stands for the first line of the message.
 */
const bySaying: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /^/,
    /^Region is missing/,
    'no AWS region is set: use --region, AWS_REGION or a profile that names one',
  ],
  [
    /^CredentialsProviderError$/,
    /^Could not load credentials from any providers/,
    'no AWS credentials were found: sign in, name a profile with --profile that exists and has some, or use --local',
  ],
  [/^(CredentialsProviderError|ProviderError)$/, /^/, 'the AWS credentials cannot be loaded: ...'],
  [
    /^ResourceNotFoundException$/,
    /^Function not found/,
    'the key rotation function of this deployment does not exist',
  ],
  [
    /^UnrecognizedClientException$/,
    /^the local stack /,
    'the local stack has another access key than its directory: start it again with npm start',
  ],
  [/^AccessDenied/, /^/, 'the AWS credentials do not permit this: ...'],
];

/**
 * Says in one sentence why an AWS request failed. The service's own words are kept where they
 * name what is missing, as for a permission.
 */
export function awsTrouble(error: unknown): string {
  if (!(error instanceof Error)) return 'something failed that gave no reason';
  const told = bySaying.find(
    ([name, message]) => name.test(error.name) && message.test(error.message),
  );
  if (told) return told[2].replace('...', firstLine(error.message));
  const names = [error.name, codeOf(error), codeOf(error.cause)];
  const known = byName.find(([pattern]) => names.some((name) => pattern.test(name)));
  return known?.[1] ?? firstLine(error.message);
}

const firstLine = (message: string): string => message.split('\n', 1)[0] || 'something failed';

function codeOf(error: unknown): string {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded ? String(error.code) : '';
}
