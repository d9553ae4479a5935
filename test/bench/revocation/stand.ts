import { startTestStack } from '../../support/local-stack.ts';
import { startChild } from '../fixtures/child.ts';
import { issuerDoor } from './issuer-door.ts';
import type { Target } from './target.ts';
import type { StaleFigures, TryFigures } from './tries.ts';

/** What the process of a stand is asked. */
export type StandQuestion =
  | { readonly ask: 'tries'; readonly way: string; readonly tries: number }
  | { readonly ask: 'a good token' }
  | { readonly ask: 'until it is stale' };

/** A local stack whose tokens are taken back. */
export interface Stand extends AsyncDisposable {
  tries(way: string, tries: number): Promise<readonly TryFigures[]>;
  /** Shuts the issuer down for good, and tells for how long a good token is let in. */
  stale(): Promise<StaleFigures>;
}

/** Starts one, and a process that takes back its tokens. */
export async function startStand(): Promise<Stand> {
  await using started = new AsyncDisposableStack();
  const door = await issuerDoor();
  started.defer(() => door.shut());
  const stack = await startTestStack({ issuer: door.url });
  started.defer(() => stack.stop());
  door.open(stack.url);
  const own = { issuer: door.url, api: stack.api, resource: stack.api };
  const places: Omit<Target, 'command'> = { ...own, refusals: [401, 403] };
  const child = started.use(
    startChild({
      module: new URL('./stand-process.ts', import.meta.url),
      args: [JSON.stringify(places)],
      environment: stack.environment as Readonly<Record<string, string>>,
    }),
  );
  const ask = <Answer>(question: StandQuestion): Promise<Answer> => child.ask(question);
  const running = started.move();
  return {
    tries: (way, tries) => ask({ ask: 'tries', way, tries }),
    async stale() {
      await ask({ ask: 'a good token' });
      door.shut();
      return ask({ ask: 'until it is stale' });
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
