import { CannotCheck, notChecked } from '../findings/finding.ts';

/** What the checks look at in a CloudFormation template. */
export interface Template {
  readonly name: string;
  readonly resources: readonly TemplateResource[];
}

/** A resource, its intrinsic functions not resolved. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Reads the JSON of a stack's template.
 * @throws CannotCheck when it is not JSON
 */
export function parseTemplate(name: string, json: string): Template {
  const resources = Object.entries(record(record(parsed(name, json)).Resources));
  return {
    name,
    resources: resources.map(([id, resource]) => {
      const { Type, Properties } = record(resource);
      return { id, type: typeof Type === 'string' ? Type : '', properties: record(Properties) };
    }),
  };
}

/** The resources of some types. */
export function resourcesOf(
  { resources }: Template,
  ...types: readonly string[]
): readonly TemplateResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** The logical id that a property refers to by `Ref`; undefined when it is anything else. */
export function referenced(value: unknown): string | undefined {
  const { Ref } = record(value);
  return typeof Ref === 'string' ? Ref : undefined;
}

function parsed(name: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CannotCheck(
      notChecked(
        `The template of the stack ${name} is not JSON.`,
        'Look at it by hand, or deploy it with the CDK, which writes JSON.',
      ),
    );
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
