import * as v from 'valibot';
import { accountId } from '../account/local-account.ts';
import { KmsError } from './kms-error.ts';

/** The only name that the policy of a key may have. */
export const policyName = 'default';

/** The most octets of a policy. */
const longest = 32_768;

/** The policy of a key that was made without one: IAM policies of the account may allow anything. */
export const defaultPolicy = JSON.stringify(
  {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  },
  undefined,
  2,
);

/**
 * Checks the form of a policy. What it allows is not evaluated here: whoever has the access key may do anything.
 * Nor is there the check whether the caller may put another one.
 * @throws KmsError as KMS does, when it is too long, or is no policy
 */
export function checkPolicy(policy: string): string {
  if (Buffer.byteLength(policy) > longest) {
    throw new KmsError('LimitExceededException', `the policy is longer than ${longest} octets`);
  }
  if (v.is(documentSchema, parsed(policy))) return policy;
  throw new KmsError('MalformedPolicyDocumentException', 'the policy is not valid');
}

function parsed(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

const oneOrMore = v.union([
  v.pipe(v.string(), v.nonEmpty()),
  v.pipe(v.array(v.string()), v.nonEmpty()),
]);

// A statement without Action or Resource is taken by KMS, and has no effect. One without a
// principal is not taken.
const statementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.union([v.literal('*'), v.record(v.picklist(['AWS', 'Service']), oneOrMore)]),
  Action: v.optional(oneOrMore),
  NotAction: v.optional(oneOrMore),
  Resource: v.optional(oneOrMore),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), oneOrMore))),
});

const documentSchema = v.strictObject({
  Version: v.optional(v.picklist(['2012-10-17', '2008-10-17'])),
  Id: v.optional(v.string()),
  Statement: v.pipe(v.array(statementSchema), v.nonEmpty()),
});
