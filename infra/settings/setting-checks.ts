import {
  isSigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { isResourceIdentifier } from '../../functions/oauth/resource-server.ts';
import { isSecureUrl } from '../../functions/oauth/secure-url.ts';
import { wrongValue } from './configuration-error.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * Checks an issuer identifier: the origin of an https URL, so that it can never differ by a
 * slash from what the metadata and the tokens say (RFC 8414 §2). http is for this computer only.
 * @throws ConfigurationError
 */
export function checkIssuer(value: unknown, name = 'issuer'): string {
  if (typeof value === 'string' && isOrigin(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be the origin of an https URL, such as https://auth.example.com, in lower case and ' +
      'without path, query, fragment or trailing slash; http is for localhost, 127.0.0.1 and [::1] only',
  );
}

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).origin === text && isSecureUrl(new URL(text));

/**
 * Checks the origin at which clients show a certificate (RFC 8705 §5).
 * @throws ConfigurationError
 */
export function checkMtlsOrigin(value: unknown, name = 'mtlsOrigin'): string {
  if (typeof value === 'string' && value.startsWith('https:') && isOrigin(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be the origin of an https URL, such as https://mtls.auth.example.com, in lower case and ' +
      'without path, query, fragment or trailing slash',
  );
}

/**
 * Checks the identifier of a resource server (RFC 8707 §2).
 * @throws ConfigurationError
 */
export function checkResource(value: unknown, name: string): string {
  if (typeof value === 'string' && isResourceIdentifier(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be an absolute URI without a fragment, such as https://api.example.com',
  );
}

/** The JOSE names of all algorithms that access tokens can be signed with. */
export const algorithmNames: readonly SigningAlgorithmName[] =
  Object.keys(signingAlgorithms).filter(isSigningAlgorithm);

/**
 * Checks the JOSE name of the algorithm that access tokens are to be signed with.
 * @throws ConfigurationError
 */
export function checkSigningAlgorithm(
  value: unknown,
  name = 'signingAlgorithm',
): SigningAlgorithmName {
  if (typeof value === 'string' && isSigningAlgorithm(value)) return value;
  throw wrongValue(name, value, `must be one of ${algorithmNames.join(', ')}`);
}

/**
 * Checks the days from one signing key to the next, a number or its decimal digits.
 * @throws ConfigurationError
 */
export function checkRotationDays(value: unknown, name: string): number {
  const days = wholeNumber(value, { from: 1, to: 365 });
  if (days !== undefined) return days;
  throw wrongValue(name, value, 'must be whole days from 1 to 365');
}

/**
 * Checks a switch.
 * @throws ConfigurationError
 */
export function checkFlag(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw wrongValue(name, value, 'must be true or false');
}

/**
 * Checks the ARN of an SNS topic.
 * @throws ConfigurationError
 */
export function checkTopicArn(value: unknown, name: string): string {
  if (typeof value === 'string' && topicArn.test(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alarms',
  );
}

const topicArn = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

/**
 * Checks the ARN of a certificate.
 * @throws ConfigurationError
 */
export function checkCertificateArn(value: unknown, name: string): string {
  if (typeof value === 'string' && certificateArn.test(value)) return value;
  throw wrongValue(
    name,
    value,
    'must be the ARN of a certificate in ACM, such as ' +
      'arn:aws:acm:eu-west-1:111122223333:certificate/11112222-3333-4444-5555-666677778888',
  );
}

const certificateArn = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]{1,64}$/;

/**
 * Checks the path of a file, whose contents are another matter.
 * @throws ConfigurationError
 */
export function checkPath(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrongValue(name, value, 'must be the path of a file, such as truststore.pem');
}
