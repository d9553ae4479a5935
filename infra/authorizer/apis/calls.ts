import { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AppTemplate } from '../template/app-template.ts';
import { elementName } from '../template/references.ts';
import { asText, refersTo, withDefaults } from '../template/written-out.ts';

/** Whether a text of a template refers to a function, or says which one is called. */
export type Calls = (text: string) => boolean;

/** The name that templates have for a function of this app. */
export function functionName({ node }: IConstruct): string {
  const element: IConstruct | undefined = node.defaultChild;
  if (!CfnElement.isCfnElement(element)) throw new Error(`"${node.path}" is of another app`);
  return elementName(element);
}

/** Recognizes a function by reference or by name, and by each of its aliases and versions. */
export function callsOf(name: string, app: AppTemplate): Calls {
  const { FunctionName } = app.named.get(name)?.properties ?? {};
  const isNamed = nameIn(FunctionName);
  const names = new Set([name]);
  const calls: Calls = (text) =>
    isNamed(text) || names.values().some((known) => refersTo(text, known));
  // An alias is of a version, which is of the function.
  for (const type of ['AWS::Lambda::Version', 'AWS::Lambda::Alias']) {
    for (const { name: other, properties } of app.resources.filter((one) => one.type === type)) {
      if (calls(asText(properties.FunctionName))) names.add(other);
    }
  }
  return calls;
}

/** A name that somebody has written over; otherwise CloudFormation makes one up. */
function nameIn(functionName: unknown): Calls {
  const name = withDefaults(asText(functionName));
  if (!/^[\w-]+$/.test(name)) return () => false;
  const pattern = new RegExp(`(^|:function:)${name}(?![\\w-])`);
  return (text) => pattern.test(text);
}
