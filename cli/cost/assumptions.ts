import { publishLead, retention } from '../../functions/oauth/key-times.ts';

const rotationDays = 90;

/** What a bill assumes of a deployment and of its requests. `--json` has it under these names. */
export const assumed = {
  /** As AWS counts them. */
  hoursPerMonth: 730,
  /** Gigabytes of each function. */
  memory: 0.5,
  /** What has one vCPU; less has as much less of it, as AWS documents. */
  megabytesOfOneVcpu: 1769,
  /** Milliseconds of one vCPU: one of the machines that the benches ran on, which were none of Lambda's. */
  processor: {
    /** Our own work and Lambda's runtime for a request: the latter was not measured. */
    request: 0.5,
    /** One call of DynamoDB or KMS: docs/bench/handler.md. */
    awsCall: 0.7,
    /** One signature that an instance makes, with 2048 bits: docs/bench/handler.md. */
    rsaSignature: 0.8,
    ecSignature: 0.1,
    /** Verifying an assertion or a DPoP proof: docs/bench/client-authentication.md, docs/bench/dpop.md. */
    verification: 0.5,
    /** From the start of an instance to its first token: docs/bench/cold.md. */
    coldStart: 150,
  },
  /** Milliseconds until DynamoDB and KMS have answered, and on the way to a function through API Gateway. None was measured. */
  waiting: { dynamodb: 5, kms: 20, gateway: 10 },
  /** The share of token requests that start an instance. */
  coldStarts: 0.01,
  /** Seconds that a client and a resource server are cached: the default of clientCache. */
  clientCache: 30,
  /** Numbers that an instance of the token function takes at once, one for each token, in one write. */
  tokenNumbers: 1024,
  /** Bytes of an answer with the revocation list, headers included, while little is revoked; and of a 304. */
  revocationList: { answer: 2500, notModified: 600 },
  /** Seconds for which a revocation list is signed, and at most one read of its table lasts. */
  revocationListSigned: 30,
  revocationListRead: 1,
  /** Resource servers that tokens are for. */
  resourceServers: 10,
  /** Seconds that a run of the key rotation is billed for. */
  rotationSeconds: 0.5,
  /** Minutes from one run to the next. */
  rotationEvery: 5,
  /** Days from one signing key to the next. */
  rotationDays,
  /** Hours from one count of the secrets that end to the next. */
  expiryEvery: 12,
  /** Signing keys in KMS on average: two while one retires. A key that awaits deletion is free. */
  keysHeld: 1 + (publishLead + retention) / (rotationDays * 86_400),
  /** Bytes of a line of the audit log, of the access log, and of a run of the key rotation. */
  auditLine: 432,
  accessLogLine: 172,
  rotationLine: 500,
  /** Bytes that CloudWatch adds to each line. */
  perLogEvent: 26,
  /** Months that logs are kept. */
  logMonths: 12,
  /** The share of its size that a kept log is compressed to. */
  logCompression: 0.15,
  /** Bytes of an answer with a token, headers included and the signature not. */
  answerWithoutSignature: 900,
  /** Bytes of a client in the registry, with its share of what else is there. */
  registryItem: 2048,
} as const;

const { processor, waiting } = assumed;

/** How the time of a request is estimated, for people. */
export const estimateSentence =
  `The estimate: the processor works ${processor.request} ms for a request, ${processor.awsCall} ms for each call of AWS, ` +
  `${processor.rsaSignature} ms for an RSA signature without KMS, ${processor.ecSignature} ms for another, and ` +
  `${processor.verification} ms to verify an assertion or a proof. ${assumed.coldStarts * 100} % of requests start an instance, ` +
  `which takes it ${processor.coldStart} ms. All of that is for a whole vCPU; ${assumed.memory * 1024} MB have ` +
  `${assumed.memory * 1024} of ${assumed.megabytesOfOneVcpu} parts. DynamoDB answers in ${waiting.dynamodb} ms, KMS in ${waiting.kms} ms.`;

const { revocationList } = assumed;

/** What is assumed of the revocation list, where somebody polls it. */
export const revocationSentences: readonly string[] = [
  'A busy authorizer fetches the revocation list as often as its age allows, all month; one without requests fetches none.',
  `A request waits for each fetch, as long as its publisher is billed for it and ${waiting.gateway} ms on the way; for a read of the table, as long as DynamoDB takes.`,
  `An answer has ${revocationList.answer.toLocaleString('en-US')} bytes once in ${assumed.revocationListSigned} seconds, and else is a 304 of ${revocationList.notModified}. ` +
    `An instance that publishes it reads its table once a second, and signs it every ${assumed.revocationListSigned} seconds; each fetch is billed as if it read.`,
];

/** The other assumptions for people: one sentence for each, and one for what is left out. */
export const assumptionSentences: readonly string[] = [
  'A client is half a read unit, unless the client cache has it, and a whole one with clientCache 0; no item is over 4 KB.',
  `Tokens are for ${assumed.resourceServers} resource servers. An instance reads each of them every ${assumed.clientCache} seconds, and the key ring once a minute; there are as many instances as requests are under way on average.`,
  `A token function takes ${assumed.tokenNumbers.toLocaleString('en-US')} token numbers in one write, and again when an instance starts.`,
  `A request logs ${assumed.auditLine} and ${assumed.accessLogLine} bytes, and ${assumed.perLogEvent} each that CloudWatch adds; logs are kept for ${assumed.logMonths} months, compressed to ${assumed.logCompression * 100} %.`,
  `An answer has ${assumed.answerWithoutSignature} bytes and the signature, and leaves AWS.`,
  `The key rotation runs every ${assumed.rotationEvery} minutes for ${assumed.rotationSeconds * 1000} ms; a key signs for ${assumed.rotationDays} days.`,
  `An instance writes down a client once an hour, and the first one when it starts. The clients whose secrets end are counted every ${assumed.expiryEvery} hours; the metric of that is billed like one that is written all the time.`,
  `Traffic is even over the ${assumed.hoursPerMonth} hours of a month.`,
  'Not counted: free tiers, discounts, tax; fetches of the JWK Set and refused requests, which cost what a request costs without its signature, a refusal a whole read unit more for each record, and two writes where authentication fails; authorizers, custom domains, WAF; secrets in Secrets Manager, which are quoted at $0.40 each a month and $0.05 for 10,000 calls; what changes in the registry, with its history; secrets that were hashed elsewhere, until their first use; what a wrapping key costs more once it has rotated, after a year.',
];
