import { everywhere, flat, inEach, type Price, tiered } from './price.ts';

/** When the prices below were collected. */
export const pricesCollectedOn = '2026-11-25';

const million = 1_000_000;
const endless = Number.POSITIVE_INFINITY;

const apiGateway = 'https://aws.amazon.com/api-gateway/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const kms = 'https://aws.amazon.com/kms/pricing/';
const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const cognito = 'https://aws.amazon.com/cognito/pricing/';

const requests = { unit: 'request', units: 'requests' } as const;
const request = { ...requests, per: million } as const;
const tenThousand = { ...requests, per: 10_000 } as const;
const gigabyte = { unit: 'GB', units: 'GB', per: 1 } as const;
const gigabyteMonth = { unit: 'GB-month', units: 'GB-months', per: 1 } as const;

/**
 * All prices that the cost command knows, in US dollars without tax, free tiers and discounts. Where a
 * Region has one tier and us-east-1 several, the further ones were not found, and the first holds
 * for all.
 */
export const prices = {
  httpApiRequest: {
    ...request,
    source: apiGateway,
    rates: inEach(
      tiered('published', [300 * million, 1], [endless, 0.9]),
      tiered('quoted', [300 * million, 1.11], [endless, 1]),
      flat('quoted', 1.2),
    ),
  },
  lambdaRequest: { ...request, source: lambda, rates: everywhere(flat('quoted', 0.2)) },
  lambdaArmGbSecond: {
    unit: 'GB-second',
    units: 'GB-seconds',
    per: million,
    source: lambda,
    rates: everywhere(flat('quoted', 13.3334)),
  },
  dynamodbRead: {
    unit: 'read unit',
    units: 'read units',
    per: million,
    source: dynamodb,
    rates: inEach(flat('quoted', 0.125), flat('quoted', 0.1415), flat('quoted', 0.1525)),
  },
  dynamodbWrite: {
    unit: 'write unit',
    units: 'write units',
    per: million,
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
    unit: 'key-month',
    units: 'key-months',
    per: 1,
    source: kms,
    rates: everywhere(flat('published', 1)),
  },
  kmsRequest: { ...tenThousand, source: kms, rates: everywhere(flat('quoted', 0.03)) },
  kmsRsa2048Request: { ...tenThousand, source: kms, rates: everywhere(flat('quoted', 0.03)) },
  kmsAsymmetricRequest: { ...tenThousand, source: kms, rates: everywhere(flat('quoted', 0.15)) },
  kmsMlDsaRequest: { ...tenThousand, source: kms, rates: everywhere(flat('assumed', 0.15)) },
  kmsRsaKeyPair: { ...tenThousand, source: kms, rates: everywhere(flat('quoted', 12)) },
  kmsEccKeyPair: { ...tenThousand, source: kms, rates: everywhere(flat('quoted', 0.1)) },
  lambdaLogs: {
    ...gigabyte,
    source: cloudwatch,
    rates: inEach(
      tiered('quoted', [10_240, 0.5], [30_720, 0.25], [51_200, 0.1], [endless, 0.05]),
      flat('quoted', 0.57),
      flat('quoted', 0.63),
    ),
  },
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
  metric: {
    unit: 'metric',
    units: 'metrics',
    per: 1,
    source: cloudwatch,
    rates: everywhere(flat('quoted', 0.3)),
  },
  alarm: {
    unit: 'alarm',
    units: 'alarms',
    per: 1,
    source: cloudwatch,
    rates: everywhere(flat('quoted', 0.1)),
  },
  scheduledRun: {
    unit: 'invocation',
    units: 'invocations',
    per: million,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
    rates: everywhere(flat('quoted', 1)),
  },
  dataOut: {
    ...gigabyte,
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    rates: everywhere(flat('quoted', 0.09)),
  },
  cognitoToken: {
    unit: 'token request',
    units: 'token requests',
    per: 1_000,
    source: cognito,
    rates: everywhere(tiered('quoted', [250_000, 2.25], [5 * million, 1.5], [endless, 1.125])),
  },
  cognitoAppClient: {
    unit: 'app client',
    units: 'app clients',
    per: 1,
    source: cognito,
    rates: everywhere(flat('assumed', 6)),
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;
