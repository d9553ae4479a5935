import type { RingKey } from '../../../functions/oauth/key-ring.ts';
import type { Endpoints } from '../../../local/lambda/function-environment.ts';
import { startChild } from '../fixtures/child.ts';
import type { DoorSettings } from './door.ts';
import type { InstanceFigures } from './process-instance.ts';

/** What the process of the local stack is asked: where everything is, or for its figures. */
export type StackQuestion = { readonly places: true } | { readonly door: string };

/** Where everything is. */
export interface StackPlaces {
  /** Name of a door -> where its token endpoint is. */
  readonly urls: Readonly<Record<string, string>>;
  readonly endpoints: Endpoints;
  /** The secret that all clients share. */
  readonly client_secret: string;
  /** The key that signs. */
  readonly signingKey: Pick<RingKey, 'alg' | 'key_id'>;
}

/** What the process of the local stack tells about itself and the function behind a door. */
export interface StackFigures {
  /** Microseconds of processor time since its start. */
  readonly cpu: number;
  readonly instances: readonly InstanceFigures[];
}

/** A local stack in a process of its own. */
export interface StackChild extends AsyncDisposable, StackPlaces {
  figures(door: string): Promise<StackFigures>;
}

/**
 * Starts a local stack whose registries are filled, and doors to it: name of a door -> what is special.
 * @throws Error when it does not start; it says why on standard error
 */
export async function startStackChild(
  doors: Readonly<Record<string, DoorSettings>>,
): Promise<StackChild> {
  const child = startChild({
    module: new URL('./stack-process.ts', import.meta.url),
    args: [JSON.stringify(doors)],
  });
  const ask = <Answer>(question: StackQuestion): Promise<Answer> => child.ask(question);
  try {
    const places = await ask<StackPlaces>({ places: true });
    return {
      ...places,
      figures: (door) => ask({ door }),
      [Symbol.asyncDispose]: child[Symbol.asyncDispose],
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
