import { describe, expect, test } from 'vitest';
import { keyPolicy } from '../../functions/aws/key-policy.ts';
import { signingAlgorithms } from '../../functions/aws/signing-algorithms.ts';
import { allows, type KeyRequest } from '../support/policy-evaluation.ts';

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roles = { signing: [role('token'), role('list')], rotation: role('path/rotation') };
const policy = JSON.parse(keyPolicy(roles, signingAlgorithms.RS256));
const rs256 = {
  'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256',
  'kms:MessageType': 'DIGEST',
};
const token = { role: role('token'), iam: ['kms:Sign', 'kms:Decrypt'], context: rs256 };
const rotation = { role: roles.rotation, iam: ['kms:DescribeKey', 'kms:ScheduleKeyDeletion'] };
const administrator = { role: role('administrator'), iam: ['*'], context: rs256 };
const signer = { role: role('another'), iam: ['kms:Sign'], context: rs256 };

describe('the policy of a signing key lets', () => {
  test.for<[string, Omit<KeyRequest, 'action'>, readonly string[]]>([
    ['the token function sign', token, ['kms:Sign']],
    ['each other function that signs', { ...token, role: role('list') }, ['kms:Sign']],
    ['the key rotation put the policy anew', rotation, ['kms:PutKeyPolicy']],
    [
      'the key rotation do what IAM lets it',
      rotation,
      ['kms:DescribeKey', 'kms:ScheduleKeyDeletion'],
    ],
    [
      'administrators repair',
      administrator,
      ['kms:PutKeyPolicy', 'kms:GetKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'],
    ],
    [
      'administrators disable and tag',
      administrator,
      ['kms:DisableKey', 'kms:EnableKey', 'kms:TagResource', 'kms:UntagResource'],
    ],
  ])('%s', ([, who, actions]) => {
    const refused = actions.filter((action) => !allows(policy, { ...who, action }));
    expect(refused).toEqual([]);
  });
});

describe('it does not let', () => {
  test.for<[string, Omit<KeyRequest, 'action'>, readonly string[]]>([
    ['a role that IAM lets sign with any key', signer, ['kms:Sign', 'kms:PutKeyPolicy']],
    ['administrators sign', administrator, ['kms:Sign', 'kms:Verify', 'kms:VerifyMac']],
    ['administrators let others sign by a grant', administrator, ['kms:CreateGrant']],
    ['administrators have it elsewhere', administrator, ['kms:ReplicateKey']],
    ['the key rotation sign', { ...rotation, iam: ['*'], context: rs256 }, ['kms:Sign']],
    ['the token function without IAM', { ...token, iam: [] }, ['kms:Sign']],
    [
      'the token function do more',
      token,
      ['kms:PutKeyPolicy', 'kms:DescribeKey', 'kms:CreateGrant'],
    ],
    [
      'the token function sign by another algorithm',
      { ...token, context: { ...rs256, 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256' } },
      ['kms:Sign'],
    ],
    [
      'the token function sign another kind of message',
      { ...token, context: { ...rs256, 'kms:MessageType': 'RAW' } },
      ['kms:Sign'],
    ],
    [
      'a role of the same name in another account',
      { ...token, role: 'arn:aws:iam::999999999999:role/token', iam: ['*'] },
      ['kms:Sign', 'kms:PutKeyPolicy', 'kms:DescribeKey'],
    ],
    [
      'a role whose name begins as ours',
      { ...token, role: role('token2'), iam: ['kms:Sign'] },
      ['kms:Sign'],
    ],
  ])('%s', ([, who, actions]) => {
    expect(actions.filter((action) => allows(policy, { ...who, action }))).toEqual([]);
  });

  test('what the default policy does', () => {
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ];
    expect(allows({ Statement }, { ...signer, action: 'kms:Sign' })).toBe(true);
  });
});

test.for(Object.entries(signingAlgorithms))(
  'names the algorithm of the key: %s',
  ([, algorithm]) => {
    const { SigningAlgorithm, MessageType } = algorithm;
    const context = { 'kms:SigningAlgorithm': SigningAlgorithm, 'kms:MessageType': MessageType };
    const document = JSON.parse(keyPolicy(roles, algorithm));
    expect(allows(document, { ...token, context, action: 'kms:Sign' })).toBe(true);
  },
);

test('is of the partition and the account of the roles', () => {
  const rotation = 'arn:aws-cn:iam::444455556666:role/rotation';
  const document = JSON.parse(keyPolicy({ ...roles, rotation }, signingAlgorithms.ES256));
  expect(document.Statement[0].Principal).toEqual({ AWS: 'arn:aws-cn:iam::444455556666:root' });
});
