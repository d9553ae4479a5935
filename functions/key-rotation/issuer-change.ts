import type { KeyRingRequest } from './key-ring-request.ts';

/** Whether CloudFormation is taking the stack of this id back to what it was. */
export type IsRollingBack = (stackId: string) => Promise<boolean>;

/**
 * Says why an update may not change the issuer: every token, client and API knows it by name. Undefined:
 * it stays the same, `ReplacesIssuer` says the old one, or CloudFormation takes a change back, which it
 * asks for as for any other update. A version that did not tell its issuer is compared with nothing.
 * @throws Error when CloudFormation cannot be asked
 */
export async function refusedIssuerChange(
  { RequestType, StackId, ResourceProperties, OldResourceProperties }: KeyRingRequest,
  isRollingBack: IsRollingBack,
): Promise<string | undefined> {
  const { Issuer: before } = OldResourceProperties;
  const { Issuer: after, ReplacesIssuer: replaced } = ResourceProperties;
  if (RequestType !== 'Update' || before === undefined) return undefined;
  if (before === after || before === replaced || (await isRollingBack(StackId))) return undefined;
  return (
    `The issuer would change from ${before} to ${after ?? 'one that is not told'}, and whatever knows ` +
    'the old one would break: clients, APIs and tokens. Take the change back, or set replacesIssuer ' +
    `to ${before} as well.`
  );
}
