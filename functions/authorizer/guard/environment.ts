import type { BoundTokenEnvironment } from '../bound-token-environment.ts';

/** What infra/ gives a guarded function, under names that do not clash with the owner's variables. */
export type GuardEnvironment = {
  readonly [Name in keyof BoundTokenEnvironment as `COUNTERSIGN_${Name}`]: BoundTokenEnvironment[Name];
};

/** The name of a variable there. */
export const guardVariable = <Name extends string>(name: Name) => `COUNTERSIGN_${name}` as const;
