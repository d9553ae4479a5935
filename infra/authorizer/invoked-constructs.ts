import { DefaultTokenResolver, Reference, StringConcat, Tokenization } from 'aws-cdk-lib';
import { CfnAlias, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** Finds the constructs that a value of a resource refers to, in whichever stack they are. */
function referencedConstructs(value: unknown, scope: IConstruct): ReadonlySet<IConstruct> {
  const found = new Set<IConstruct>();
  const plain = new DefaultTokenResolver(new StringConcat());
  Tokenization.resolve(value, {
    scope,
    preparing: true,
    resolver: {
      resolveToken(token, context, postProcessor) {
        if (Reference.isReference(token)) found.add(token.target);
        return plain.resolveToken(token, context, postProcessor);
      },
      resolveString: (fragments, context) => plain.resolveString(fragments, context),
      resolveList: (list, context) => plain.resolveList(list, context),
    },
  });
  return found;
}

/** The same, with what is behind the aliases and the versions of Lambda functions that it refers to. */
export function invokedConstructs(value: unknown, scope: IConstruct): readonly IConstruct[] {
  return [...referencedConstructs(value, scope)].flatMap((target) =>
    target instanceof CfnAlias || target instanceof CfnVersion
      ? [target, ...invokedConstructs(target.functionName, target)]
      : [target],
  );
}
