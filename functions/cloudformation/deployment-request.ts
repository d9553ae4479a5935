import * as v from 'valibot';

/** What CloudFormation asks of a custom resource. */
export interface DeploymentRequest<Properties> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes; whoever has it can answer in our place. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  /** What CloudFormation knows the resource by; absent where it is to be created. */
  readonly PhysicalResourceId?: string | undefined;
  /** What is being deployed; of a deletion, what was. */
  readonly ResourceProperties: Properties;
  /** What an update takes the place of. */
  readonly OldResourceProperties: Properties;
}

const requestMembers = {
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.string(),
  StackId: v.string(),
  RequestId: v.string(),
  ResourceType: v.optional(v.string(), ''),
  LogicalResourceId: v.string(),
  PhysicalResourceId: v.optional(v.string()),
};

/**
 * Reads a request of CloudFormation; undefined: the event is something else.
 * @param properties what is read of the resource's properties; those that are absent come as an empty object
 */
export function parseDeploymentRequest<Properties>(
  event: unknown,
  properties: v.GenericSchema<unknown, Properties>,
): DeploymentRequest<Properties> | undefined {
  const { success, output } = v.safeParse(
    v.object({
      ...requestMembers,
      ResourceProperties: v.fallback(v.unknown(), {}),
      OldResourceProperties: v.fallback(v.unknown(), {}),
    }),
    event,
  );
  if (!success) return undefined;
  const { ResourceProperties = {}, OldResourceProperties = {}, ...request } = output;
  const now = v.safeParse(properties, ResourceProperties);
  const before = v.safeParse(properties, OldResourceProperties);
  if (!now.success || !before.success) return undefined;
  return { ...request, ResourceProperties: now.output, OldResourceProperties: before.output };
}
