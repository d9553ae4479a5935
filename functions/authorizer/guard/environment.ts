import type { BoundTokenEnvironment } from '../bound-token-environment.ts';

/** What infra/ gives a function that has a guard: names that no variable of its own is likely to have. */
export type GuardEnvironment = {
  readonly [Name in keyof BoundTokenEnvironment as `COUNTERSIGN_${Name}`]: BoundTokenEnvironment[Name];
};

/** What a variable is called there. */
export const guardVariable = <Name extends string>(name: Name) => `COUNTERSIGN_${name}` as const;
