import { asText, isKnownText, type Properties } from '../template/written-out.ts';

/** A way in that takes nothing. */
export const openWay = '';

/** The ways in by a route or a method that is a resource. */
export function waysOf({ AuthorizationType: type, AuthorizerId }: Properties): readonly string[] {
  const authorizer = AuthorizerId === undefined ? openWay : asText(AuthorizerId);
  if (type === 'NONE' || authorizer === openWay) return [isOther(type) ? type : openWay];
  if (type === 'CUSTOM') return isConditional(authorizer) ? [authorizer, openWay] : [authorizer];
  return [authorizer, isOther(type) ? type : openWay];
}

/** Such as a signature of AWS. */
const isOther = (type: unknown): type is string => isKnownText(type) && type !== 'NONE';

/** A function of CloudFormation may choose another one. */
const isConditional = (reference: string): boolean => reference.includes('<Fn::');

/**
 * The ways in by an operation of an OpenAPI definition: one for each of its requirements.
 * @param security of the operation, or else of the whole definition
 * @param type what `x-amazon-apigateway-auth` says, which comes before that
 * @param referenceOf makes a reference of a scheme's name
 */
export function definedWays(
  security: unknown,
  type: unknown,
  referenceOf: (scheme: string) => string,
): readonly string[] {
  const requirements: readonly unknown[] = Array.isArray(security) ? security : [security];
  const ways = requirements.flatMap((requirement) => {
    const names = [...asText(requirement).matchAll(/"([^"]+)":/g)].map(([, name = '']) => name);
    const way = names.map(referenceOf).join('');
    return typeof requirement === 'object' ? [way] : [way, openWay];
  });
  const other = isOther(type) ? type : openWay;
  const others = type === undefined || /^custom$/i.test(other) ? [] : [other];
  return ways.length > 0 ? [...ways, ...others] : [openWay];
}
