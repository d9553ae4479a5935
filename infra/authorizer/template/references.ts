import {
  CfnElement,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  Stack,
  Tokenization,
} from 'aws-cdk-lib';
import { namedReference, nameOf, type Place, writtenOut } from './written-out.ts';

/** Writes out a value of an element of a template, in which tokens may refer to any stack of the app. */
export function resolved(value: unknown, scope: CfnElement, place: Place): unknown {
  const plain = Tokenization.resolve(value, { scope, preparing: true, resolver });
  return writtenOut(plain, place);
}

/** The name of an element of a template. */
export function elementName(element: CfnElement): string {
  const stack = Stack.of(element);
  return nameOf(stack.resolve(element.logicalId), { stack: stack.node.path });
}

const inOrder: IFragmentConcatenator = {
  join: (left: unknown, right: unknown) => {
    const parts = [left, right].filter((part) => part !== undefined);
    return parts.every((part) => typeof part === 'string')
      ? parts.join('')
      : { 'Fn::Join': ['', parts] };
  },
};

/** Has a reference name its target, where the CDK would write what the stack at hand calls it. */
class NamingResolver extends DefaultTokenResolver {
  override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    postProcessor: IPostProcessor,
  ): unknown {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) {
      const name = elementName(token.target);
      const attribute = token.displayName === 'Ref' ? '' : `.${token.displayName}`;
      return { [namedReference]: name + attribute };
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

const resolver = new NamingResolver(inOrder);
