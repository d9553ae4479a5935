/** What CloudFormation asks of a custom resource. */
export interface DeploymentRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes; whoever has it can answer in our place. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

const requestTypes: readonly unknown[] = ['Create', 'Update', 'Delete'];

/** Reads a request of CloudFormation; undefined: the event is something else. */
export function parseDeploymentRequest(event: unknown): DeploymentRequest | undefined {
  const request: Readonly<Record<string, unknown>> = {
    ...(typeof event === 'object' ? event : {}),
  };
  const names = ['ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId'];
  const isComplete = names.every((name) => typeof request[name] === 'string');
  if (!isComplete || !requestTypes.includes(request.RequestType)) return undefined;
  return request as unknown as DeploymentRequest;
}
