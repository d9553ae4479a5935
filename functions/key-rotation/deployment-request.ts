import * as v from 'valibot';

/** What CloudFormation asks of a custom resource. */
export interface DeploymentRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes; whoever has it can answer in our place. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

const requestSchema: v.GenericSchema<unknown, DeploymentRequest> = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.string(),
  StackId: v.string(),
  RequestId: v.string(),
  LogicalResourceId: v.string(),
});

/** Reads a request of CloudFormation; undefined: the event is something else. */
export function parseDeploymentRequest(event: unknown): DeploymentRequest | undefined {
  const { success, output } = v.safeParse(requestSchema, event);
  return success ? output : undefined;
}
