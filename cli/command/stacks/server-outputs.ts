import type { Output, Stack } from '@aws-sdk/client-cloudformation';

/** An authorization server, as the outputs of its stack tell of it. */
export interface StackServer {
  /** The stack's name. */
  readonly stack: string;
  /** Where its construct is below the stack; a stack of an earlier version does not say it. */
  readonly path?: string;
  readonly issuer: string;
  readonly registryTable: string;
  readonly revocationsTable?: string | undefined;
  readonly ephemeraTable?: string | undefined;
  readonly apiEndpoint?: string | undefined;
  readonly mtlsTokenEndpoint?: string | undefined;
  readonly keyRotationFunction?: string | undefined;
  readonly historyLogGroup?: string | undefined;
}

/**
 * The authorization servers of a stack that are there in full: by the descriptions of its outputs, which
 * each server writes, whatever their keys; in a stack of an earlier version by the keys alone.
 */
export function serversOf({ StackName: stack = '', Outputs: outputs = [] }: Stack): StackServer[] {
  const described = Map.groupBy(outputs.flatMap(describedOutput), ({ path }) => path);
  if (described.size === 0) return server(stack, outputs.map(keyedOutput));
  return [...described].flatMap(([path, its]) =>
    server(stack, its).map((found) => ({ ...found, path })),
  );
}

interface NamedOutput {
  readonly name: string;
  readonly value: string | undefined;
}

const keyedOutput = ({ OutputKey = '', OutputValue: value }: Output): NamedOutput => ({
  name: OutputKey,
  value,
});

function describedOutput({ Description = '', OutputValue: value }: Output) {
  const [, name, path] = /^Countersign: (\w+) \((.+)\)$/.exec(Description) ?? [];
  return name === undefined || path === undefined ? [] : [{ name, path, value }];
}

const isName = (text: string): boolean => !text.includes(':');

/** Nothing where the outputs do not make a server, or contradict each other. */
function server(stack: string, outputs: readonly NamedOutput[]): StackServer[] {
  const values = new Map(outputs.map(({ name, value }) => [name, value]));
  const [issuer, registryTable] = [values.get('Issuer'), values.get('RegistryTable')];
  if (!issuer || !registryTable || values.size < outputs.length) return [];
  const keyRotationFunction = values.get('KeyRotationFunction');
  // An ARN, or a part of one, would lead to another account.
  const revocationsTable = values.get('RevocationsTable');
  const ephemeraTable = values.get('EphemeraTable');
  const historyLogGroup = values.get('HistoryLogGroup');
  const tables = [registryTable, revocationsTable, ephemeraTable];
  const names = [...tables, keyRotationFunction, historyLogGroup];
  if (!names.every((name) => name === undefined || isName(name))) return [];
  return [
    {
      stack,
      issuer,
      registryTable,
      revocationsTable,
      ephemeraTable,
      apiEndpoint: values.get('ApiEndpoint'),
      mtlsTokenEndpoint: values.get('MtlsTokenEndpoint'),
      keyRotationFunction,
      historyLogGroup,
    },
  ];
}
