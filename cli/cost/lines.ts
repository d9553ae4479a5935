import {
  type SigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { assumed } from './assumptions.ts';
import type { PriceName } from './prices.ts';
import { callsOf, requestTime } from './request-time.ts';
import type { Workload } from './workload.ts';

/** A line of a bill before it is priced. */
export interface Line {
  readonly what: string;
  /** In the units of the price. */
  readonly quantity: number;
  readonly price: PriceName;
}

export const gigabytes = (bytes: number): number => bytes / 1e9;
/** Gigabytes that CloudWatch takes in. */
export const logged = (lines: number, bytes: number): number =>
  gigabytes(lines * (bytes + assumed.perLogEvent));

/** What the tokens of a month use. */
export function tokenLines(workload: Workload): readonly Line[] {
  const { tokensPerMonth: tokens } = workload;
  const seconds = requestTime(workload).milliseconds / 1000;
  const audit = logged(tokens, assumed.auditLine);
  const access = logged(tokens, assumed.accessLogLine);
  const stored = (audit + access) * assumed.logMonths * assumed.logCompression;
  const lines: readonly Line[] = [
    { what: 'HTTP API', quantity: tokens, price: 'httpApiRequest' },
    { what: 'Lambda, requests', quantity: tokens, price: 'lambdaRequest' },
    {
      what: 'Lambda, time',
      quantity: tokens * seconds * assumed.memory,
      price: 'lambdaArmGbSecond',
    },
    ...databaseLines(workload, seconds),
    signatureLine(workload),
    { what: 'Logs, audit', quantity: audit, price: 'lambdaLogs' },
    { what: 'Logs, access', quantity: access, price: 'accessLogs' },
    { what: 'Logs, stored', quantity: stored, price: 'logStorage' },
    { what: 'Answers', quantity: gigabytes(tokens * answerBytes(workload)), price: 'dataOut' },
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}

/** The share of a read unit that an eventually consistent read takes. */
const eventual = 0.5;

/** Writes for the number of one token: each instance that starts takes a block, and each block lasts for its tokens. */
const numberWrites = assumed.coldStarts + 1 / assumed.tokenNumbers;

function databaseLines(workload: Workload, seconds: number): readonly Line[] {
  const { tokensPerMonth: tokens, clients } = workload;
  const { reads, writes } = callsOf(workload);
  const month = assumed.hoursPerMonth * 3600;
  // On average as many instances are at work as requests are under way.
  const instances = Math.ceil((tokens * seconds) / month);
  // In each instance, but not without a request.
  const every = (period: number, items = 1) =>
    Math.min(tokens, instances * items * (month / period));
  const servers = every(assumed.clientCache, assumed.resourceServers);
  // And at the first request of an instance that starts.
  const notes = Math.min(tokens, every(3600, clients) + tokens * assumed.coldStarts);
  const price = 'dynamodbRead';
  return [
    { what: 'DynamoDB, clients', quantity: tokens * reads * eventual, price },
    { what: 'DynamoDB, resource servers', quantity: servers * eventual, price },
    { what: 'DynamoDB, key ring', quantity: every(60), price },
    { what: 'DynamoDB, used jti', quantity: tokens * writes, price: 'dynamodbWrite' },
    { what: 'DynamoDB, token numbers', quantity: tokens * numberWrites, price: 'dynamodbWrite' },
    { what: 'DynamoDB, last use', quantity: notes, price: 'dynamodbWrite' },
  ];
}

function signatureLine(workload: Workload): Line {
  const { tokensPerMonth: tokens, alg, signing } = workload;
  if (signing === 'kms-wrapped') {
    // An instance unwraps the key when it starts, and signs by itself.
    return { what: 'KMS Decrypt', quantity: tokens * assumed.coldStarts, price: 'kmsRequest' };
  }
  const quantity = tokens * callsOf(workload).kmsSignatures;
  return { what: `KMS Sign, ${alg}`, quantity, price: signaturePrice(alg) };
}

const keyType = (name: SigningAlgorithmName): SigningAlgorithm['kty'] =>
  signingAlgorithms[name].kty;

/** The price of one signature by KMS. */
export const signaturePrice = (alg: SigningAlgorithmName): PriceName =>
  signaturePrices[keyType(alg)];

const signaturePrices = {
  RSA: 'kmsRsa2048Request',
  EC: 'kmsAsymmetricRequest',
  OKP: 'kmsAsymmetricRequest',
  AKP: 'kmsMlDsaRequest',
} as const satisfies Readonly<Record<SigningAlgorithm['kty'], PriceName>>;

const answerBytes = ({ alg }: Workload): number =>
  assumed.answerWithoutSignature + signatureCharacters[alg];

/** Characters of a signature in base64url (RFC 7515 §2). */
const signatureCharacters = {
  RS256: 342,
  PS256: 342,
  ES256: 86,
  ES384: 128,
  Ed25519: 86,
  EdDSA: 86,
  'ML-DSA-44': 3227,
  'ML-DSA-65': 4412,
} as const satisfies Readonly<Record<SigningAlgorithmName, number>>;

/** What a deployment uses in a month without a token: the key rotation, the count of secrets that end, and what is stored. */
export function idleLines(workload: Workload): readonly Line[] {
  const runs = (assumed.hoursPerMonth * 60) / assumed.rotationEvery;
  const seconds = runs * assumed.rotationSeconds * assumed.memory;
  const registry = gigabytes(workload.clients * assumed.registryItem);
  const log = logged(runs, assumed.rotationLine);
  return [
    ...keyLines(workload, runs),
    { what: 'Key rotation, schedule', quantity: runs, price: 'scheduledRun' },
    { what: 'Key rotation, Lambda requests', quantity: runs, price: 'lambdaRequest' },
    { what: 'Key rotation, Lambda time', quantity: seconds, price: 'lambdaArmGbSecond' },
    { what: 'Key rotation, DynamoDB', quantity: runs, price: 'dynamodbRead' },
    { what: 'Key rotation, log', quantity: log, price: 'lambdaLogs' },
    { what: 'Key rotation, metric', quantity: 1, price: 'metric' },
    { what: 'Key rotation, alarms', quantity: 2, price: 'alarm' },
    { what: 'Secrets that end, DynamoDB', quantity: expiryReads(workload), price: 'dynamodbRead' },
    { what: 'Secrets that end, metric', quantity: 1, price: 'metric' },
    { what: 'Secrets that end, alarm', quantity: 1, price: 'alarm' },
    { what: 'History, alarm', quantity: 1, price: 'alarm' },
    { what: 'Registry, stored', quantity: registry, price: 'dynamodbStorage' },
    { what: 'Registry, point-in-time recovery', quantity: registry, price: 'dynamodbRecovery' },
  ];
}

/** Read units of counting the clients whose secrets end soon: each count reads the whole registry. */
function expiryReads({ clients }: Workload): number {
  const counts = assumed.hoursPerMonth / assumed.expiryEvery;
  return Math.ceil((clients * assumed.registryItem) / readUnit) * counts;
}

/** Bytes. */
const readUnit = 4096;

function keyLines({ alg, signing }: Workload, runs: number): readonly Line[] {
  const describing: Line = {
    what: 'KMS DescribeKey',
    quantity: runs * assumed.keysHeld,
    price: 'kmsRequest',
  };
  if (signing === 'kms') {
    return [{ what: 'KMS keys, signing', quantity: assumed.keysHeld, price: 'kmsKey' }, describing];
  }
  const pairs = assumed.hoursPerMonth / (assumed.rotationDays * 24);
  const price = keyType(alg) === 'RSA' ? 'kmsRsaKeyPair' : 'kmsEccKeyPair';
  return [
    { what: 'KMS key, wrapping', quantity: 1, price: 'kmsKey' },
    { what: 'KMS key pairs', quantity: pairs, price },
    describing,
  ];
}
