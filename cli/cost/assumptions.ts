import { publishLead, retention } from '../../functions/oauth/key-times.ts';

const rotationDays = 90;

/** What a bill assumes of a deployment and of its requests. `--json` has it under these names. */
export const assumed = {
  /** As AWS counts them. */
  hoursPerMonth: 730,
  /** Gigabytes of each function. */
  memory: 0.5,
  /** Seconds that a token request is billed for. */
  tokenSeconds: 0.04,
  /** The share of token requests that start an instance. */
  coldStarts: 0.01,
  /** Seconds that a start is billed for. */
  coldStartSeconds: 0.3,
  /** Seconds that a run of the key rotation is billed for. */
  rotationSeconds: 0.5,
  /** Minutes from one run to the next. */
  rotationEvery: 5,
  /** Days from one signing key to the next. */
  rotationDays,
  /** Signing keys in KMS on average: two while one retires. A key that awaits deletion is free. */
  keysHeld: 1 + (publishLead + retention) / (rotationDays * 86_400),
  /** Bytes of a line of the audit log, of the access log, and of a run of the key rotation. */
  auditLine: 640,
  accessLogLine: 320,
  rotationLine: 500,
  /** Bytes that CloudWatch adds to each line. */
  perLogEvent: 26,
  /** Months that logs are kept. */
  logMonths: 12,
  /** The share of its size that a kept log is compressed to. */
  logCompression: 0.15,
  /** Bytes of an answer with a token, headers included and the signature not. */
  answerWithoutSignature: 1000,
  /** Bytes of a client in the registry, with its share of what else is there. */
  registryItem: 2048,
} as const;

/** The same for people: one sentence for each, and one for what is left out. */
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
