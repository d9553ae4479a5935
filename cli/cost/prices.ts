import { everywhere, flat, inEach, type Price, tiered } from './price.ts';

/** When the prices below were collected. */
export const pricesCollectedOn = '2026-11-25';

const million = 1_000_000;
/** Where the last tier ends. */
const endless = Number.POSITIVE_INFINITY;

const apiGateway = 'https://aws.amazon.com/api-gateway/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const kms = 'https://aws.amazon.com/kms/pricing/';
const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const cognito = 'https://aws.amazon.com/cognito/pricing/';

/** A unit, its plural, and how many of them a price is for. */
const counted = (unit: string, per: number) => ({ unit, units: `${unit}s`, per });
const millionRequests = counted('request', million);
const tenThousandRequests = counted('request', 10_000);
const gigabyte = { unit: 'GB', units: 'GB', per: 1 } as const;
const gigabyteMonth = counted('GB-month', 1);

/**
 * All prices that the cost command knows, in US dollars, without tax, free tiers and discounts. For
 * some Regions only the first tier of a price was found: there it holds for any quantity.
 */
export const prices = {
  httpApiRequest: {
    ...millionRequests,
    source: apiGateway,
    rates: inEach(
      tiered('published', [300 * million, 1], [endless, 0.9]),
      tiered('quoted', [300 * million, 1.11], [endless, 1]),
      flat('quoted', 1.2),
    ),
  },
  lambdaRequest: { ...millionRequests, source: lambda, rates: everywhere(flat('quoted', 0.2)) },
  /** A function's memory times the time that it is billed for, on Graviton. */
  lambdaArmGbSecond: {
    ...counted('GB-second', million),
    source: lambda,
    rates: everywhere(flat('quoted', 13.3334)),
  },
  /** A strongly consistent read of up to 4 KB, on demand. */
  dynamodbRead: {
    ...counted('read unit', million),
    source: dynamodb,
    rates: inEach(flat('quoted', 0.125), flat('quoted', 0.1415), flat('quoted', 0.1525)),
  },
  /** A write of up to 1 KB, on demand. */
  dynamodbWrite: {
    ...counted('write unit', million),
    source: dynamodb,
    rates: inEach(flat('quoted', 0.625), flat('quoted', 0.705), flat('quoted', 0.7625)),
  },
  dynamodbStorage: {
    ...gigabyteMonth,
    source: dynamodb,
    rates: inEach(flat('published', 0.25), flat('assumed', 0.283), flat('quoted', 0.306)),
  },
  dynamodbRecovery: {
    ...gigabyteMonth,
    source: dynamodb,
    rates: inEach(flat('quoted', 0.2), flat('assumed', 0.2264), flat('quoted', 0.2448)),
  },
  kmsKey: {
    ...counted('key-month', 1),
    source: kms,
    rates: everywhere(flat('published', 1)),
  },
  /** Any request but those below. */
  kmsRequest: { ...tenThousandRequests, source: kms, rates: everywhere(flat('quoted', 0.03)) },
  /** A signature by an RSA key of 2048 bits. */
  kmsRsa2048Request: {
    ...tenThousandRequests,
    source: kms,
    rates: everywhere(flat('quoted', 0.03)),
  },
  /** A signature by an elliptic curve. */
  kmsAsymmetricRequest: {
    ...tenThousandRequests,
    source: kms,
    rates: everywhere(flat('quoted', 0.15)),
  },
  kmsMlDsaRequest: {
    ...tenThousandRequests,
    source: kms,
    rates: everywhere(flat('assumed', 0.15)),
  },
  /** A key pair that KMS makes and wraps (GenerateDataKeyPair), RSA of 2048 bits. */
  kmsRsaKeyPair: { ...tenThousandRequests, source: kms, rates: everywhere(flat('quoted', 12)) },
  /** The same, of an elliptic curve. */
  kmsEccKeyPair: { ...tenThousandRequests, source: kms, rates: everywhere(flat('quoted', 0.1)) },
  /** What a function logs; Lambda's logs get cheaper with their quantity. */
  lambdaLogs: {
    ...gigabyte,
    source: cloudwatch,
    rates: inEach(
      tiered('quoted', [10_240, 0.5], [30_720, 0.25], [51_200, 0.1], [endless, 0.05]),
      flat('quoted', 0.57),
      flat('quoted', 0.63),
    ),
  },
  /** What API Gateway logs. */
  accessLogs: {
    ...gigabyte,
    source: cloudwatch,
    rates: inEach(flat('quoted', 0.5), flat('quoted', 0.57), flat('quoted', 0.63)),
  },
  logStorage: {
    ...gigabyteMonth,
    source: cloudwatch,
    rates: inEach(flat('quoted', 0.03), flat('quoted', 0.03), flat('quoted', 0.0324)),
  },
  /** A metric of our own, a month. */
  metric: {
    ...counted('metric', 1),
    source: cloudwatch,
    rates: everywhere(flat('quoted', 0.3)),
  },
  alarm: {
    ...counted('alarm', 1),
    source: cloudwatch,
    rates: everywhere(flat('quoted', 0.1)),
  },
  /** A call by EventBridge Scheduler. */
  scheduledRun: {
    ...counted('invocation', million),
    source: 'https://aws.amazon.com/eventbridge/pricing/',
    rates: everywhere(flat('quoted', 1)),
  },
  dataOut: {
    ...gigabyte,
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    rates: everywhere(flat('quoted', 0.09)),
  },
  /** A token that Cognito issues to a machine client. */
  cognitoToken: {
    ...counted('token request', 1_000),
    source: cognito,
    rates: everywhere(tiered('quoted', [250_000, 2.25], [5 * million, 1.5], [endless, 1.125])),
  },
  /** A machine client of Cognito, a month; it may be charged no more. */
  cognitoAppClient: {
    ...counted('app client', 1),
    source: cognito,
    rates: everywhere(flat('assumed', 6)),
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;
