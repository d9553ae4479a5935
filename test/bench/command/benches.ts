import type { Report } from '../report/report.ts';
import type { Plan } from '../report/rounds.ts';
import { Refusal } from './refusal.ts';

/** Everything about one bench. */
interface Bench {
  /** What it measures, for --help. */
  readonly measures: string;
  /** Is loaded only where it runs. */
  readonly run: (plan: Plan) => Promise<Report>;
  readonly plans: { readonly usual: Plan; readonly quick: Plan };
  /** Runs only where it is named: it takes long. */
  readonly onlyIfNamed?: true;
}

/** `npm run bench [-- NAME...]`. A further bench is an entry here. */
export const benches: Readonly<Record<string, Bench>> = {
  tokens: {
    measures: 'the token endpoint beside those of other servers, over HTTP',
    run: async (plan) => (await import('../tokens/tokens.ts')).benchTokens(plan),
    plans: {
      usual: { warmUp: 1, rounds: 15, requests: 4000 },
      quick: { warmUp: 1, rounds: 9, requests: 1600 },
    },
  },
  handler: {
    measures: 'the token function beside the bare calls of AWS that it makes',
    run: async (plan) => (await import('../handler/handler.ts')).benchSdkCalls(plan),
    plans: {
      usual: { warmUp: 6, rounds: 15, requests: 400 },
      quick: { warmUp: 14, rounds: 9, requests: 150 },
    },
  },
  cold: {
    measures: 'what a cold start takes, and how large the bundles are',
    run: async (plan) => (await import('../cold/cold.ts')).benchCold(plan),
    plans: {
      usual: { warmUp: 1, rounds: 15, requests: 1 },
      quick: { warmUp: 1, rounds: 9, requests: 1 },
    },
  },
  authorizer: {
    measures: 'verifying access tokens, beside jose, aws-jwt-verify and fast-jwt',
    run: async (plan) => (await import('../authorizer/authorizer.ts')).benchAuthorizer(plan),
    plans: {
      usual: { warmUp: 2, rounds: 15, requests: 1000 },
      quick: { warmUp: 3, rounds: 9, requests: 500 },
    },
  },
  'revocation-list': {
    measures: 'what a revocation list costs those who read it, beside a list of hashes',
    run: async (plan) =>
      (await import('../revocation-list/revocation-list.ts')).benchRevocationList(plan),
    plans: {
      usual: { warmUp: 3, rounds: 15, requests: 1 },
      quick: { warmUp: 3, rounds: 9, requests: 1 },
    },
  },
  scale: {
    measures:
      '1 to 1,000,000 clients, 10 to 500 connections: latency and memory (10 minutes, 5 GB)',
    run: async (plan) => (await import('../scale/scale.ts')).benchScale(plan),
    plans: {
      usual: { warmUp: 1, rounds: 7, requests: 800 },
      quick: { warmUp: 1, rounds: 7, requests: 200 },
    },
    onlyIfNamed: true,
  },
  'client-authentication': {
    measures: 'what each method of client authentication costs the token function',
    run: async (plan) =>
      (await import('../protocol/client-authentication.ts')).benchClientAuthentication(plan),
    plans: {
      usual: { warmUp: 8, rounds: 15, requests: 400 },
      quick: { warmUp: 14, rounds: 9, requests: 200 },
    },
  },
  dpop: {
    measures: 'what DPoP-bound tokens cost, where they are issued and where they are used',
    run: async (plan) => (await import('../protocol/dpop.ts')).benchDpop(plan),
    plans: {
      usual: { warmUp: 8, rounds: 15, requests: 400 },
      quick: { warmUp: 14, rounds: 9, requests: 200 },
    },
  },
  revocation: {
    measures: 'how soon an API refuses what was taken back: 100 tries a way (13 minutes)',
    run: async (plan) => (await import('../revocation/revocation.ts')).benchRevocation(plan),
    plans: {
      usual: { warmUp: 1, rounds: 12, requests: 9 },
      quick: { warmUp: 1, rounds: 6, requests: 3 },
    },
    onlyIfNamed: true,
  },
  'secret-rotation': {
    measures: 'a load all through rotations of its secret: requests, and refusals (10 minutes)',
    run: async (plan) =>
      (await import('../secret-rotation/secret-rotation.ts')).benchSecretRotation(plan),
    plans: {
      usual: { warmUp: 1, rounds: 7, requests: 1 },
      quick: { warmUp: 1, rounds: 6, requests: 1 },
    },
    onlyIfNamed: true,
  },
};

/** Finds a bench by its name. @throws Refusal where there is none */
export function benchOf(name: string): Bench {
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench) return bench;
  throw new Refusal(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`);
}
