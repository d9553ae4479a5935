import type { SigningAlgorithm } from './signing-algorithms.ts';

/** ARNs of the roles that a policy of a key names. */
export interface KeyRoles {
  /** The roles that sign: those of the functions that issue tokens and publish signed answers. */
  readonly signing: readonly string[];
  /** The role that keeps the keys: the key rotation function's. */
  readonly rotation: string;
}

/**
 * What the account may do with a key of ours by its IAM policies: see to it, repair it, delete it. What
 * is not here is done by nobody: no signing, and no grants, by which others could be let sign. Whoever
 * has to repair the one can put another policy, and that is seen in CloudTrail.
 */
export const repairActions: readonly string[] = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];

/**
 * The condition that it is one of these roles that asks. KMS keeps a role that is named as a principal by its
 * unique id, so it would have to exist, and another of the same name would not be it. An ARN is text.
 */
export const askedBy = (role: string | readonly string[]) => ({
  ArnEquals: { 'aws:PrincipalArn': role },
});

/**
 * The policy of a signing key. A statement whose principal is the account allows nothing by itself:
 * it says what IAM policies may allow. So the functions that sign do it by their IAM policies, and nobody
 * else does, whatever IAM says.
 */
export function keyPolicy({ signing, rotation }: KeyRoles, algorithm: SigningAlgorithm): string {
  const { SigningAlgorithm: name, MessageType } = algorithm;
  const how = { 'kms:SigningAlgorithm': name, 'kms:MessageType': MessageType };
  const account = { AWS: rotation.replace(/:role\/.*$/, ':root') };
  const Effect = 'Allow';
  const Resource = '*';
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Repair', Effect, Principal: account, Action: repairActions, Resource },
      {
        Sid: 'Sign',
        Effect,
        Principal: account,
        Action: 'kms:Sign',
        Resource,
        Condition: { ...askedBy(signing), StringEquals: how },
      },
      {
        // Allowed here and not by IAM, where it could be allowed for keys of others as well.
        Sid: 'Entrust',
        Effect,
        Principal: { AWS: '*' },
        Action: 'kms:PutKeyPolicy',
        Resource,
        Condition: askedBy(rotation),
      },
    ],
  });
}
