import type { Breakage } from './broken-deployment.ts';

/**
 * Rule and beginning of the title of a case -> what a deployment does -> how to make it do so. Each
 * entry is a sentence: a deployment that (does this) fails (this case), and no other of the rule.
 */
export type BreakageTable = Readonly<Record<string, Readonly<Record<string, Breakage>>>>;
