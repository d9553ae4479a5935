import type { Keepers } from '../../../functions/administration/keeper.ts';

interface Version {
  value: string | undefined;
  readonly stages: Set<string>;
}

/** A secret of Secrets Manager in memory, as its service and its owner treat it. */
export interface MemoryKeeper {
  readonly arn: string;
  readonly versions: Map<string, Version>;
  readonly tags: Map<string, string>;
  /** The id of the version with a staging label. */
  at(stage: string): string | undefined;
  /** Puts a value as whoever may write it does. */
  put(version: string, value: string | undefined, stage: string): void;
  /** Takes a staging label from whichever version has it. */
  remove(stage: string): void;
}

/** The twin of functions/administration/secrets-manager.ts that needs no server: one secret, by its ARN. */
export function memoryKeepers(arn: string): { keepers: Keepers; keeper: MemoryKeeper } {
  const versions = new Map<string, Version>();
  const at = (stage: string) => [...versions].find(([, { stages }]) => stages.has(stage))?.[0];
  const remove = (stage: string) => versions.get(at(stage) ?? '')?.stages.delete(stage);
  const attach = (stage: string, version: string) => {
    const before = at(stage);
    if (before === version) return;
    remove(stage);
    if (stage === 'AWSCURRENT' && before !== undefined) attach('AWSPREVIOUS', before);
    versions.get(version)?.stages.add(stage);
  };
  const put = (version: string, value: string | undefined, stage: string) => {
    versions.set(version, { value, stages: versions.get(version)?.stages ?? new Set() });
    attach(stage, version);
  };
  const tags = new Map<string, string>();
  const keepers: Keepers = {
    find: async () => {
      const labelled = [...versions].filter(([, { stages }]) => stages.size > 0);
      return {
        arn,
        versions: new Map(labelled.map(([id, { stages }]) => [id, [...stages]])),
        tags: new Map(tags),
      };
    },
    value: async (_arn, version) => versions.get(version)?.value,
    put: async (_arn, { version, value, stage }) => {
      const before = versions.get(version)?.value;
      if (before !== undefined) return before === value;
      put(version, value, stage);
      return true;
    },
    makeCurrent: async (_arn, { from, to }) => {
      if (at('AWSCURRENT') !== from) throw new Error('InvalidParameterException');
      attach('AWSCURRENT', to);
    },
  };
  return { keepers, keeper: { arn, versions, tags, at, put, remove } };
}
