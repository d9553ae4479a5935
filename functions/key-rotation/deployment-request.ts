import * as v from 'valibot';

/** What CloudFormation asks of a custom resource. */
export interface DeploymentRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes; whoever has it can answer in our place. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** What is being deployed. */
  readonly ResourceProperties: KeyRingProperties;
  /** What an update takes the place of. */
  readonly OldResourceProperties: KeyRingProperties;
}

/** The properties that are read from the request: all others come by the environment. */
export interface KeyRingProperties {
  /** Absent: a version that did not tell it. */
  readonly Issuer?: string | undefined;
  /** The issuer that this one is meant to replace; `none`: no other. */
  readonly ReplacesIssuer?: string | undefined;
}

const propertiesSchema = v.object({
  Issuer: v.optional(v.string()),
  ReplacesIssuer: v.optional(v.string()),
});

const requestSchema: v.GenericSchema<unknown, DeploymentRequest> = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.string(),
  StackId: v.string(),
  RequestId: v.string(),
  LogicalResourceId: v.string(),
  ResourceProperties: v.optional(propertiesSchema, {}),
  OldResourceProperties: v.optional(propertiesSchema, {}),
});

/** Reads a request of CloudFormation; undefined: the event is something else. */
export function parseDeploymentRequest(event: unknown): DeploymentRequest | undefined {
  const { success, output } = v.safeParse(requestSchema, event);
  return success ? output : undefined;
}
