/** A template of CloudFormation, as far as it matters here. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
  >;
  readonly Rules?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Conditional>>;
  readonly Outputs: Readonly<Record<string, Conditional>>;
}

/** A parameter. */
interface Parameter {
  readonly Default?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly string[];
}

interface Conditional {
  readonly Condition?: string;
}

type Intrinsic = (argument: readonly unknown[]) => unknown;

const nothing = Symbol('AWS::NoValue');

/**
 * What CloudFormation makes of a template: with parameters, or their default values, in the place of references,
 * and without what has a condition that is not met. Numbers are texts to it.
 */
export function deployed(
  { Parameters = {}, Conditions = {}, ...template }: Template,
  given: Readonly<Record<string, string>> = {},
): Pick<Template, 'Resources' | 'Outputs'> {
  const isMet = (condition: unknown) => resolve(Conditions[String(condition)]) === true;
  const intrinsics: Readonly<Record<string, Intrinsic>> = {
    'Fn::If': ([condition, yes, no]) => resolve(isMet(condition) ? yes : no),
    'Fn::Equals': ([one, other]) => resolve(one) === resolve(other),
    'Fn::Not': ([condition]) => resolve(condition) === false,
    'Fn::Join': ([by, values]) => {
      const texts = (values as readonly unknown[]).map(resolve);
      const known = texts.every((text) => typeof text === 'string');
      return known ? texts.join(String(by)) : members({ 'Fn::Join': [by, texts] });
    },
    'Fn::Split': ([by, text]) => String(resolve(text)).split(String(by)),
    'Fn::Select': ([index, values]) => (resolve(values) as readonly unknown[])[Number(index)],
  };
  const reference = (name: string, value: unknown) =>
    name === 'AWS::NoValue' ? nothing : (given[name] ?? Parameters[name]?.Default ?? value);
  const members = (value: object) =>
    Object.fromEntries(
      Object.entries(value)
        .map(([key, member]) => [key, resolve(member)])
        .filter(([, member]) => member !== nothing),
    );
  function resolve(value: unknown): unknown {
    if (typeof value === 'number') return String(value);
    if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== nothing);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', '']] = Object.entries(value);
    if (name === 'Ref') return reference(argument, value);
    return intrinsics[name]?.(argument) ?? members(value);
  }
  const present = (all: Readonly<Record<string, Conditional>>) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, { Condition }]) => Condition === undefined || isMet(Condition))
        .map(([id, { Condition: _, ...one }]) => [id, Object(resolve(one))]),
    );
  return { Resources: present(template.Resources), Outputs: present(template.Outputs) };
}
