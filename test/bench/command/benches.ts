import type { Report } from '../report/report.ts';
import type { Plan } from '../report/rounds.ts';

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
    plans: { usual: { rounds: 15, requests: 4000 }, quick: { rounds: 9, requests: 1600 } },
  },
  handler: {
    measures: 'the token function beside the bare calls of AWS that it makes',
    run: async (plan) => (await import('../handler/handler.ts')).benchSdkCalls(plan),
    plans: { usual: { rounds: 15, requests: 400 }, quick: { rounds: 9, requests: 100 } },
  },
  cold: {
    measures: 'what a cold start takes, and how large the bundles are',
    run: async (plan) => (await import('../cold/cold.ts')).benchCold(plan),
    plans: { usual: { rounds: 15, requests: 1 }, quick: { rounds: 9, requests: 1 } },
  },
  authorizer: {
    measures: 'verifying access tokens, beside jose, aws-jwt-verify and fast-jwt',
    run: async (plan) => (await import('../authorizer/authorizer.ts')).benchAuthorizer(plan),
    plans: { usual: { rounds: 15, requests: 1000 }, quick: { rounds: 9, requests: 250 } },
  },
  scale: {
    measures:
      '1 to 1,000,000 clients, 10 to 500 connections: latency and memory (10 minutes, 5 GB)',
    run: async (plan) => (await import('../scale/scale.ts')).benchScale(plan),
    plans: { usual: { rounds: 7, requests: 800 }, quick: { rounds: 7, requests: 200 } },
    onlyIfNamed: true,
  },
  'client-authentication': {
    measures: 'what each method of client authentication costs the token function',
    run: async (plan) =>
      (await import('../protocol/client-authentication.ts')).benchClientAuthentication(plan),
    plans: { usual: { rounds: 15, requests: 400 }, quick: { rounds: 9, requests: 150 } },
  },
  dpop: {
    measures: 'what DPoP-bound tokens cost, where they are issued and where they are used',
    run: async (plan) => (await import('../protocol/dpop.ts')).benchDpop(plan),
    plans: { usual: { rounds: 15, requests: 400 }, quick: { rounds: 9, requests: 150 } },
  },
};
