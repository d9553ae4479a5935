import { signingAlgorithms } from '../../functions/aws/signing-algorithms.ts';
import { assumed } from './assumptions.ts';
import type { Workload } from './workload.ts';

/** How long Lambda bills a token request, cold starts included, and whether somebody has measured that. */
export interface RequestTime {
  readonly milliseconds: number;
  readonly basis: 'measured' | 'estimated';
}

/** The share of a vCPU that a function has (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
export const vcpuShare = (assumed.memory * 1024) / assumed.megabytesOfOneVcpu;

/** Takes the time that was measured, or estimates it: work for the processor at its share, and waiting for AWS. */
export function requestTime(workload: Workload): RequestTime {
  const { billedMs } = workload;
  if (billedMs !== undefined) return { milliseconds: billedMs, basis: 'measured' };
  const { processor, waiting, coldStarts } = assumed;
  const { reads, writes, kmsSignatures } = callsOf(workload);
  const work =
    processor.request +
    processor.awsCall * (reads + writes + kmsSignatures) +
    processor.verification * writes +
    ownSignatures(workload) +
    processor.coldStart * coldStarts;
  const wait = waiting.dynamodb * (reads + writes) + waiting.kms * kmsSignatures;
  return { milliseconds: work / vcpuShare + wait, basis: 'estimated' };
}

/**
 * The calls of AWS that a token takes on average, but for those that an instance makes once in a while. What
 * counts once is written down: an assertion, a DPoP proof.
 */
export function callsOf({ clientCacheHits, auth, dpop, signing, requestsPerSignature }: Workload) {
  return {
    reads: 1 - clientCacheHits,
    writes: (auth === 'assertion' ? 1 : 0) + (dpop ? 1 : 0),
    kmsSignatures: signing === 'kms' ? 1 / requestsPerSignature : 0,
  };
}

/** Milliseconds of the processor for signatures that the instance makes. */
function ownSignatures({ alg, signing, requestsPerSignature }: Workload): number {
  if (signing === 'kms') return 0;
  const { rsaSignature, ecSignature } = assumed.processor;
  return (signingAlgorithms[alg].kty === 'RSA' ? rsaSignature : ecSignature) / requestsPerSignature;
}
