import { publishLead, retention } from '../../functions/oauth/key-times.ts';

const rotationDays = 90;

/** What a bill assumes of a deployment and of its requests. */
export const assumed = {
  /** As AWS counts them. */
  hoursPerMonth: 730,
  /** Gigabytes that each function has. */
  memory: 0.5,
  /** Seconds that a token request is billed for. */
  tokenSeconds: 0.04,
  /** The share of requests that start an instance, and the seconds that this is billed for. */
  coldStarts: 0.01,
  coldStartSeconds: 0.3,
  /** Seconds that a run of the key rotation is billed for, and minutes from one to the next. */
  rotationSeconds: 0.5,
  rotationEvery: 5,
  /** Days from one signing key to the next. */
  rotationDays,
  /** Signing keys in KMS on average: two while one retires. Those to be deleted cost nothing. */
  keysHeld: 1 + (publishLead + retention) / (rotationDays * 86_400),
  /** Bytes of log lines as they are written, and what CloudWatch counts beside them. */
  auditLine: 640,
  accessLogLine: 320,
  rotationLine: 500,
  perLogEvent: 26,
  /** Months that logs are kept, and to which share of their size they are compressed. */
  logMonths: 12,
  logCompression: 0.15,
  /** Bytes of an answer with a token but its signature; headers included. */
  answerWithoutSignature: 1000,
  /** Bytes of a client in the registry, with its share of all else there. */
  registryItem: 2048,
} as const;

/** The same for people, one sentence each. */
export const assumptionSentences: readonly string[] = [
  `A token request takes ${assumed.tokenSeconds * 1000} ms at ${assumed.memory * 1024} MB; ${assumed.coldStarts * 100} % of them start an instance, which takes ${assumed.coldStartSeconds * 1000} ms more.`,
  'Client and resource server are a read unit each, unless the client cache has them: neither item is over 4 KB.',
  'An instance reads the key ring once a minute; there are as many as requests are under way on average.',
  `A request logs ${assumed.auditLine} and ${assumed.accessLogLine} bytes, and ${assumed.perLogEvent} each that CloudWatch adds; logs are kept for ${assumed.logMonths} months, compressed to ${assumed.logCompression * 100} %.`,
  `An answer has ${assumed.answerWithoutSignature} bytes and the signature, and leaves AWS.`,
  `The key rotation runs every ${assumed.rotationEvery} minutes for ${assumed.rotationSeconds * 1000} ms; a key signs for ${assumed.rotationDays} days.`,
  `Traffic is even over the ${assumed.hoursPerMonth} hours of a month.`,
  'Not counted: free tiers, discounts, tax; refused requests and fetches of the JWK Set, which cost what a request costs without its signature; authorizers, custom domains, WAF; what a wrapping key costs more once it has rotated, after a year.',
];
