import { CfnOutput, Names, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';

const outputNames = [
  'Issuer',
  'TokenEndpoint',
  'MtlsTokenEndpoint',
  'ApiEndpoint',
  'IssuerDomainTarget',
  'MtlsDomainTarget',
  'RegistryTable',
  'EphemeraTable',
  'RevocationsTable',
  'KeyRotationFunction',
  'AdministrationFunction',
  'AdministrationRole',
  'HistoryLogGroup',
] as const;

/** The name of an output. */
export type OutputName = (typeof outputNames)[number];

/** What an authorization server writes into the outputs of its stack. What is undefined is no output. */
export type ServerOutputs = Readonly<Record<OutputName, string | undefined>>;

/**
 * Writes outputs. Their descriptions say what they are and whose, whatever their keys: the command line finds a
 * server by them, in any stack.
 */
export function addOutputs(server: IConstruct, outputs: ServerOutputs): void {
  const stack = Stack.of(server);
  const path = server.node.path.slice(stack.node.path.length).replace(/^\//, '');
  for (const [name, value] of Object.entries(outputs)) {
    if (value === undefined) continue;
    new CfnOutput(server, name, { value, description: `Countersign: ${name} (${path})` });
  }
}

/** Names the keys of outputs as the outputs themselves: for a stack that has one server. */
export function usePlainKeys(server: IConstruct): void {
  for (const name of outputNames) {
    // What addOutputs has made.
    const output = server.node.tryFindChild(name) as CfnOutput | undefined;
    output?.overrideLogicalId(name);
  }
}

/** The key that the CDK gives an output of a server that is at this path below its stack. */
export function outputKey(constructPath: string, name: OutputName): string {
  const ids = [...constructPath.split('/'), name];
  // The cast: a root has no scope. The least version of constructs has no class of its own for that.
  const root = new Construct(undefined as unknown as Construct, '');
  const output = ids.reduce((scope, id) => new Construct(scope, id), root);
  return Names.nodeUniqueId(output.node);
}
