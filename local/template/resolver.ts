import { accountId, region, stackId } from '../account/local-account.ts';
import { type Deployed, identify } from './identity.ts';
import { placeName, type StackTemplate } from './stack-template.ts';

/** Resolves the intrinsic functions in a value of a stack's template. */
export type Resolver = (stack: StackTemplate, value: unknown) => unknown;

interface Context {
  readonly stack: StackTemplate;
  readonly stacks: readonly StackTemplate[];
  readonly deployed: Deployed;
}

type Intrinsic = (context: Context, argument: unknown) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (context, name) => reference(context, String(name)),
  'Fn::GetAtt': (context, argument) => {
    const [id = '', ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
    return attribute(context, String(id), path.join('.'));
  },
  'Fn::Join': (context, argument) => {
    const [separator, values] = list(context, argument);
    return list(context, values).map(String).join(String(separator));
  },
  'Fn::Select': (context, argument) => {
    const [index, values] = list(context, argument);
    return list(context, values)[Number(index)];
  },
  'Fn::Split': (context, argument) => {
    const [separator, text] = list(context, argument);
    return String(text).split(String(separator));
  },
  'Fn::Sub': (context, argument) => {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    const values = resolve(context, own) as Readonly<Record<string, unknown>>;
    return String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) =>
      String(Object.hasOwn(values, name) ? values[name] : substitute(context, name)),
    );
  },
  'Fn::ImportValue': (context, argument) => imported(context, resolve(context, argument)),
};

/**
 * Makes the resolver of an app's stacks.
 * @throws Error, when it is used, for an intrinsic function or a name that it does not know
 */
export function createResolver(stacks: readonly StackTemplate[], deployed: Deployed): Resolver {
  return (stack, value) => resolve({ stack, stacks, deployed }, value);
}

function resolve(context: Context, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(context, element));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = [''], ...others] = Object.entries(value);
  if (others.length === 0 && /^(Ref|Condition|Fn::.*)$/.test(name)) {
    const intrinsic = intrinsics[name];
    if (intrinsic) return intrinsic(context, argument);
    throw new Error(`the local stack does not know ${name} (in the stack ${context.stack.name})`);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolve(context, member)])
      .filter(([, member]) => member !== undefined),
  );
}

function list(context: Context, value: unknown): readonly unknown[] {
  const resolved = resolve(context, value);
  if (Array.isArray(resolved)) return resolved;
  throw new Error(`${JSON.stringify(value)} is not a list (in the stack ${context.stack.name})`);
}

function reference(context: Context, name: string): unknown {
  const pseudoParameters: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': accountId,
    'AWS::NoValue': undefined,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': stackId(context.stack.name),
    'AWS::StackName': context.stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
  return identityOf(context, name).ref;
}

function attribute(context: Context, id: string, name: string): string {
  const value = identityOf(context, id).attributes?.[name];
  if (value !== undefined) return value;
  const place = placeName({ stack: context.stack, id });
  throw new Error(`the local stack does not know the attribute ${name} of ${place}`);
}

function identityOf({ stack, deployed }: Context, id: string) {
  const resource = stack.resources[id];
  if (resource) return identify({ stack, id }, resource, deployed);
  throw new Error(`the local stack does not know ${id} (in the stack ${stack.name})`);
}

function substitute(context: Context, name: string): unknown {
  const [id = '', ...path] = name.split('.');
  return path.length > 0 ? attribute(context, id, path.join('.')) : reference(context, name);
}

function imported(context: Context, name: unknown): unknown {
  for (const stack of context.stacks) {
    const own = { ...context, stack };
    for (const { Export, Value } of Object.values(stack.outputs)) {
      if (Export && resolve(own, Export.Name) === name) return resolve(own, Value);
    }
  }
  throw new Error(`no stack exports ${name} (imported by the stack ${context.stack.name})`);
}
