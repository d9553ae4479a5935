import type { RequestListener } from 'node:http';
import type { TokenWork } from './work.ts';

type Contestants = Readonly<Record<string, (work: TokenWork) => Promise<RequestListener>>>;

/** Who does the work; each is loaded only in its own process. A further one is an entry here. */
export const contestants = {
  Countersign: async (work) => (await import('./countersign.ts')).countersign(work),
  'hand-written floor': async (work) => (await import('./floor.ts')).floor(work),
  '@node-oauth/oauth2-server 5': async (work) =>
    (await import('./oauth2-server.ts')).oauth2Server(work),
  'oidc-provider 9': async (work) => (await import('./oidc-provider.ts')).oidcProvider(work),
} as const satisfies Contestants;

export type ContestantName = keyof typeof contestants;

/** Their names, in the order in which they are shown. */
export const contestantNames = Object.keys(contestants) as readonly ContestantName[];
