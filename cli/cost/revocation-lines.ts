import { assumed } from './assumptions.ts';
import { gigabytes, type Line, logged, signaturePrice } from './lines.ts';
import { vcpuShare } from './request-time.ts';
import type { Workload } from './workload.ts';

const month = assumed.hoursPerMonth * 3600;

/** What authorizers use in a month that refuse what is revoked. */
export function revocationLines(workload: Workload): readonly Line[] {
  const { authorizers, revocationMaxAge, readRevocationTable } = workload;
  const looks = authorizers * (month / revocationMaxAge);
  const lines: readonly Line[] = readRevocationTable
    ? [{ what: 'Revocations, DynamoDB', quantity: looks, price: 'dynamodbRead' }]
    : listLines(workload, looks);
  const wait = readRevocationTable ? secondsOfRead : seconds + assumed.waiting.gateway / 1000;
  return [...lines, waitLine(looks, wait)].filter(({ quantity }) => quantity > 0);
}

/** A request waits for each look, and Lambda bills its authorizer meanwhile. */
const waitLine = (looks: number, wait: number): Line => ({
  what: 'Authorizers, Lambda time',
  quantity: looks * wait * assumed.memory,
  price: 'lambdaArmGbSecond',
});

function listLines({ alg, signing, authorizers }: Workload, fetches: number): readonly Line[] {
  // On average as many instances publish as fetches are under way.
  const publishers = Math.ceil((fetches * seconds) / month);
  const inEach = (period: number) => Math.min(fetches, publishers * (month / period));
  const time = fetches * seconds * assumed.memory;
  const access = logged(fetches, assumed.accessLogLine);
  const stored = access * assumed.logMonths * assumed.logCompression;
  const signatures = signing === 'kms' ? inEach(assumed.revocationListSigned) : 0;
  const reads = inEach(assumed.revocationListRead);
  return [
    { what: 'Revocation list, HTTP API', quantity: fetches, price: 'httpApiRequest' },
    { what: 'Revocation list, Lambda requests', quantity: fetches, price: 'lambdaRequest' },
    { what: 'Revocation list, Lambda time', quantity: time, price: 'lambdaArmGbSecond' },
    { what: 'Revocation list, DynamoDB', quantity: reads, price: 'dynamodbRead' },
    { what: `Revocation list, KMS Sign, ${alg}`, quantity: signatures, price: signaturePrice(alg) },
    { what: 'Revocation list, access log', quantity: access, price: 'accessLogs' },
    { what: 'Revocation list, log stored', quantity: stored, price: 'logStorage' },
    { what: 'Revocation list, answers', quantity: answers(authorizers, fetches), price: 'dataOut' },
  ];
}

/** Seconds for which an authorizer reads the table. */
const secondsOfRead = (assumed.processor.awsCall / vcpuShare + assumed.waiting.dynamodb) / 1000;

/** Seconds that Lambda bills the publisher for a fetch: its own work, a call of DynamoDB, and its share of a cold start. */
const seconds = (() => {
  const { processor, coldStarts, waiting } = assumed;
  const work = processor.request + processor.awsCall + processor.coldStart * coldStarts;
  return (work / vcpuShare + waiting.dynamodb) / 1000;
})();

/** Gigabytes: each authorizer gets the whole list once while it is signed, and else hears that it has not changed. */
function answers(authorizers: number, fetches: number): number {
  const { answer, notModified } = assumed.revocationList;
  const whole = Math.min(fetches, authorizers * (month / assumed.revocationListSigned));
  return gigabytes(whole * answer + (fetches - whole) * notModified);
}
