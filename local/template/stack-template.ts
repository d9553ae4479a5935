/** A stack as the CDK synthesized it. */
export interface StackTemplate {
  readonly name: string;
  /** The folder that asset paths start from. */
  readonly directory: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
}

/** A resource, its intrinsic functions not yet resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

/** An output, its intrinsic functions not yet resolved. */
interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

/** Where a resource is: its stack and its logical id there. */
export interface Place {
  readonly stack: StackTemplate;
  readonly id: string;
}

/** Names a resource in files of the state directory: `Stack/Id`. */
export const placePath = ({ stack, id }: Place): string => `${stack.name}/${id}`;

/** Names a resource in messages. */
export const placeName = ({ stack, id }: Place): string => `${id} of the stack ${stack.name}`;
