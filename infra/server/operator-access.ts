import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { useKey } from '../../functions/aws/dynamodb-last-use.ts';

/** Where it is recorded how a registry was used and changed. What is absent is not known of an imported server. */
interface Records {
  readonly ephemeraArn: string | undefined;
  readonly historyArn: string | undefined;
}

/** The condition of a permission that it is about items with these keys alone. */
export const onKeys = (keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
});

/** The items of the ephemera that tell when clients were last used. */
const lastUse = [useKey('*')];

/** Lets somebody read who changed the registry, and when clients were last used. */
export function grantHistory(grantee: IGrantable, { ephemeraArn, historyArn }: Records): Grant {
  const used = ephemeraArn
    ? Grant.addToPrincipal({
        grantee,
        actions: ['dynamodb:BatchGetItem'],
        resourceArns: [ephemeraArn],
        conditions: onKeys(lastUse),
      })
    : Grant.drop(grantee, 'the table is not known');
  const changed = historyArn
    ? Grant.addToPrincipal({
        grantee,
        actions: ['logs:FilterLogEvents'],
        resourceArns: [historyArn],
      })
    : Grant.drop(grantee, 'the log group is not known');
  return used.combine(changed);
}
