/** A secret of Secrets Manager that keeps the secret of a client, as a rotation finds it. */
export interface Keeper {
  readonly arn: string;
  /** Version -> its staging labels. A version with none is not among them. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, string>;
}

/** The secrets of Secrets Manager, as far as a rotation reaches them. */
export interface Keepers {
  /** @param id the ARN, or the name */
  find(id: string): Promise<Keeper>;
  /** Gives the value of a version; undefined: it has none yet. */
  value(arn: string, version: string): Promise<string | undefined>;
  /** Gives a version its value and makes it the pending one; says whether it did: it may have one already. */
  putPending(arn: string, version: string, value: string): Promise<boolean>;
  /** Makes a version the current one, in place of the one that was. */
  makeCurrent(arn: string, change: { readonly from: string; readonly to: string }): Promise<void>;
}

/** The staging labels of Secrets Manager that a rotation looks at. */
export type Stage = 'AWSCURRENT' | 'AWSPENDING';

/** Finds the version with a staging label. */
export const versionAt = ({ versions }: Keeper, stage: Stage): string | undefined =>
  [...versions].find(([, stages]) => stages.includes(stage))?.[0];
