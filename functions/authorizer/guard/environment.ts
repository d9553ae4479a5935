import type { BoundTokenEnvironment } from '../bound-token-environment.ts';

/** What infra/ gives a guarded function. */
export interface GuardVariables extends BoundTokenEnvironment {
  /** Space-delimited ids of the HTTP APIs whose events the guard takes. */
  readonly API_IDS: string;
}

/** The same under names that do not clash with the owner's variables. */
export type GuardEnvironment = {
  readonly [Name in keyof GuardVariables as `COUNTERSIGN_${Name}`]: GuardVariables[Name];
};

/** The name of a variable there. */
export const guardVariable = <Name extends string>(name: Name) => `COUNTERSIGN_${name}` as const;

/** Where a layer has the file of a table of routes that is too long for a variable. */
export const routesFolder = '/opt/countersign';
