import { Token } from 'aws-cdk-lib';
import type { Deployment } from 'aws-cdk-lib/aws-apigateway';
import { isSecureOrigin } from '../../functions/oauth/secure-url.ts';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';

/**
 * How a REST API tells clients what is wrong.
 *
 * @example
 * import type { ChallengeOptions } from 'countersign';
 *
 * const options: ChallengeOptions = { allowOrigins: ['https://app.example.com'] };
 */
export interface ChallengeOptions {
  /**
   * The origin of the page whose scripts may read what is refused, and the challenge with it: one, such as
   * `https://app.example.com`, or `*` for those of all pages. A gateway response has one value for all
   * requests. It has nothing to do with preflight requests, which your API answers.
   * @default none: a browser tells a script of another origin that the network failed
   */
  readonly allowOrigins?: string[];
  /**
   * What challenges call the API. Authorizers of one REST API share its challenges: those with different
   * audiences need one realm.
   * @default the audience
   */
  readonly realm?: string;
  /**
   * The deployment of an API that is imported, or has `deploy: false`, which is made anew when challenges
   * change.
   * @default that of the API; where it has none, a warning says how to make one
   */
  readonly deployment?: Deployment;
}

/** @throws ConfigurationError when a gateway response could not say that. */
export function checkAllowOrigins(origins: readonly string[] = []): void {
  if (origins.length > 1) {
    throw new ConfigurationError(
      `allowOrigins names ${origins.length} origins, but a gateway response has one value for all requests: name ` +
        'one, or "*", by which scripts of every page may read what is refused.',
    );
  }
  const wrong = origins.find((origin) => !isAllowable(origin));
  if (wrong === undefined) return;
  throw wrongValue(
    'allowOrigins',
    wrong,
    'must be "*", or the origin of a web page with its port if it has one, such as https://app.example.com or ' +
      'http://localhost:5173, in lower case and without path or trailing slash',
  );
}

const isAllowable = (origin: string): boolean =>
  origin === '*' || Token.isUnresolved(origin) || (isSecureOrigin(origin) && !origin.includes("'"));
