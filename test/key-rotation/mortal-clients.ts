import type { Clients } from '../support/services.ts';
import { Death, type Fate } from './model-world.ts';

export type MortalFate = Exclude<Fate, 'go'>;

/** The life of one run. */
export interface Life {
  /** Whether it has died. */
  isOver(): boolean;
  /** Lets the clients serve others again. */
  end(): void;
}

type Call = (input: unknown) => Promise<unknown>;

interface MiddlewareStack {
  add(middleware: (next: Call) => Call, options: { step: 'initialize'; name: string }): void;
  remove(name: string): boolean;
}

/**
 * Lets a run die at one of its calls to AWS, before the service has got it or after it has done
 * what it was asked to do. From then on no call of that run arrives.
 * @param at number of the call, from 1 on
 */
export function mortal({ dynamodb, kms, tagging }: Clients, at: number, fate: MortalFate): Life {
  const life = { calls: 0, isOver: false };
  const die = (): never => {
    life.isOver = true;
    throw new Death();
  };
  const mortality =
    (next: Call): Call =>
    async (input) => {
      life.calls += 1;
      const dies = life.calls === at;
      if (life.isOver || (dies && fate === 'die before')) return die();
      const output = await next(input);
      return dies ? die() : output;
    };
  const name = 'mortality';
  // The clients have the same middleware stack, but each has types of its own for it.
  const stacks = [dynamodb, kms, tagging].map(
    ({ middlewareStack }) => middlewareStack as unknown as MiddlewareStack,
  );
  for (const stack of stacks) stack.add(mortality, { step: 'initialize', name });
  return {
    isOver: () => life.isOver,
    end: () => {
      for (const stack of stacks) stack.remove(name);
    },
  };
}
