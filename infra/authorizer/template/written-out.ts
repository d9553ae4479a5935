/**
 * Values of a template as plain texts, in which a reference is the name of what it leads to, in angle
 * brackets: `<Orders#Api1A2B3C>`, or `<Orders#Api1A2B3C.RootResourceId>` for an attribute. However a
 * reference was written, and in whichever stack, it comes out the same.
 */

/** Where a value is. */
export interface Place {
  /** Path of the stack whose logical ids it has. */
  readonly stack: string;
  /** What others call that stack; empty: the deployment makes it up. */
  readonly stackName: string;
  /** Path of the stage whose exports it sees first. */
  readonly stage: string;
}

/** Any JSON object of a template. */
export type Properties = Readonly<Record<string, unknown>>;

/** A reference of the CDK, which knows its target; no template has this key. */
export const namedReference = 'Fn::Named';

/** The name of a resource, a parameter or a pseudo parameter. */
export const nameOf = (logicalId: string, { stack }: Pick<Place, 'stack'>): string =>
  logicalId.startsWith('AWS::') ? logicalId : `${stack}#${logicalId}`;

/** How a reference to a named thing is written. */
export const referenceTo = (name: string): string => `<${name}>`;

/** Whether a text refers to what has this name, or to an attribute of it. */
export const refersTo = (text: string, name: string): boolean =>
  text.includes(`<${name}>`) || text.includes(`<${name}.`);

/** Whether a value is a text that the deployment does not change. */
export const isKnownText = (value: unknown): value is string =>
  typeof value === 'string' && !/<|\{\{resolve:/.test(value);

/** A value that was written out, as one text. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Writes a value out, with all that is in it. */
export function writtenOut(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item) => writtenOut(item, place));
  if (typeof value === 'string') return withParameters(value, place);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, key === 'Fn::Sub' ? inner : writtenOut(inner, place)] as const,
  );
  const [[key, argument] = ['', undefined], ...others] = entries;
  const isIntrinsic = others.length === 0 && /^(Ref$|Fn::)/.test(key);
  if (!isIntrinsic) return Object.fromEntries(entries);
  return intrinsics[key]?.(argument, place) ?? referenceTo(`${key} ${asText(argument)}`);
}

/** What CloudFormation reads from the Systems Manager is a reference, too. */
const withParameters = (text: string, { stage }: Place): string =>
  text.replace(/\{\{resolve:ssm:([^:{}]+)(?::\d+)?\}\}/g, (_, name: string) =>
    referenceTo(parameterOf(name, stage)),
  );

/** Intrinsic function -> the text for its argument, which has been written out. */
const intrinsics: Readonly<Record<string, (argument: unknown, place: Place) => string>> = {
  [namedReference]: (name) => referenceTo(asText(name)),
  Ref: (id, place) => referred(asText(id), place),
  'Fn::GetAtt': (path, place) =>
    referenceTo(nameOf(Array.isArray(path) ? path.map(asText).join('.') : asText(path), place)),
  'Fn::Join'(argument) {
    const [separator, items]: readonly unknown[] = Array.isArray(argument) ? argument : [];
    return Array.isArray(items) ? items.map(asText).join(asText(separator)) : asText(argument);
  },
  'Fn::Sub'(argument, place) {
    const [text, given = {}]: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    const values: Properties = Object(writtenOut(given, place));
    return asText(writtenOut(text, place)).replace(/\$\{\s*([\w:.]+)\s*\}/g, (_, name: string) =>
      name in values ? asText(values[name]) : referred(name, place),
    );
  },
  'Fn::GetStackOutput'(argument, { stage }) {
    const { OutputName, StackName }: Properties = Object(argument);
    return referenceTo(outputOf(asText(OutputName), asText(StackName), stage));
  },
  'Fn::ImportValue': (name, { stage }) => referenceTo(exportOf(asText(name), stage)),
};

/** What a stack is called is known, unless the deployment makes it up. */
const referred = (id: string, place: Place): string =>
  id === 'AWS::StackName' && place.stackName !== ''
    ? place.stackName
    : referenceTo(nameOf(id, place));

/** Stands behind a value that a deployment may replace. */
const replaceable = '{{resolve:parameter}}';

/** The value that a parameter has unless the deployment says otherwise. */
export const byDefault = (value: string): string => value + replaceable;

/** A text in which each parameter has the value that it has by default. */
export const withDefaults = (text: string): string => text.replaceAll(replaceable, '');

/** The name of a parameter of the Systems Manager, as those of a stage know it. */
export const parameterOf = (name: string, stage: string): string =>
  handed('parameter', name, stage);

/** The name of an output of a stack, likewise. */
export const outputOf = (id: string, stackName: string, stage: string): string =>
  handed('output', `${stackName}.${id}`, stage);

/** The name of an export, likewise. */
export const exportOf = (name: string, stage: string): string => handed('export', name, stage);

/** A stage in place of any that is not the one at hand. */
const anyStage = 'any stage';

/** The same name for those of all stages. */
export const inAnyStage = (name: string): string => name.replace(/ of .*$/, ` of ${anyStage}`);

const handed = (kind: string, name: string, stage: string): string => `${kind} ${name} of ${stage}`;
