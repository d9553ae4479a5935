/** A secret of Secrets Manager that keeps the secret of a client. */
export interface Keeper {
  readonly arn: string;
  /** Version -> its staging labels. A version with none is not among them. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, string>;
}

/** A version as it is put. */
interface NewVersion {
  readonly version: string;
  readonly value: string;
  /** The staging label that it gets. */
  readonly stage: string;
}

/** The secrets of Secrets Manager, as far as the administration reaches them. */
export interface Keepers {
  /** @param id the ARN, or the name */
  find(id: string): Promise<Keeper>;
  /** Gives the value of a version; undefined: it has none yet. */
  value(arn: string, version: string): Promise<string | undefined>;
  /** Puts a version; says whether it did: it may have another value already. */
  put(arn: string, version: NewVersion): Promise<boolean>;
  /** Makes a version the current one, in place of the one that was, which is then the previous one. */
  makeCurrent(arn: string, change: { readonly from: string; readonly to: string }): Promise<void>;
}

/** The staging labels of Secrets Manager itself. */
export type Stage = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

/** Finds the version with a staging label. */
export const versionAt = ({ versions }: Keeper, stage: Stage): string | undefined =>
  [...versions].find(([, stages]) => stages.includes(stage))?.[0];
