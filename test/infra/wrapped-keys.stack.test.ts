import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { KeyCustody } from '../../infra/settings/choices/key-custody.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import type { SigningProps } from '../../infra/settings/signing-settings.ts';
import { allows, type KeyPolicyDocument } from '../support/policy-evaluation.ts';
import { anyKey, permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, resourceOf, scratchStack, synthesize } from './synthesis.ts';

function templateOf(props: SigningProps): Template {
  const stack = scratchStack();
  new AuthorizationServer(stack, 'Server', props);
  return Template.fromStack(stack);
}

/** A part of a template as CloudFormation would resolve it; names are logical ids. */
function resolved(value: unknown) {
  const text = JSON.stringify(value, (_, part) => {
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = part ?? {};
    if (join) return join[1].map(resolved).join('');
    if (attribute) return `arn:aws:iam::111122223333:role/${attribute[0]}`;
    const pseudo = { 'AWS::Partition': 'aws', 'AWS::AccountId': '111122223333' };
    return Ref ? (pseudo[Ref as keyof typeof pseudo] ?? Ref) : part;
  });
  return JSON.parse(text);
}

const wrapped = synthesize({ signing: 'kms-wrapped' }).countersign;
const inKms = synthesize().countersign;
const wrappingKey = 'AWS::KMS::Key AuthorizationServerKeyRotationWrappingKey';

const kmsPermissions = (template: Template, functionId: string) =>
  permissionsOf(template, functionId).filter(({ action }) => action.startsWith('kms:'));

const registryOf = (template: Template) => ({
  Ref: resourceOf(template, 'AWS::DynamoDB::GlobalTable', 'AuthorizationServerRegistry').id,
});

describe("signing: 'kms-wrapped'", () => {
  test('has a key that wraps, which rotates by itself and outlives the stack', () => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } =
      Object.values(wrapped.findResources('AWS::KMS::Key'))[0] ?? {};
    expect(Properties).toMatchObject({
      EnableKeyRotation: true,
      Tags: [{ Key: 'countersign:registry', Value: registryOf(wrapped) }],
    });
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  });

  test('has a policy by which the two functions wrap and unwrap, and nobody else', () => {
    const { Properties } = Object.values(wrapped.findResources('AWS::KMS::Key'))[0] ?? {};
    const policy: KeyPolicyDocument = resolved(Properties?.KeyPolicy);
    const roleOf = (id: string): string =>
      resolved(propertiesOf(wrapped, 'AWS::Lambda::Function', id).Role);
    const token = roleOf('AuthorizationServerTokenFunction');
    const rotation = roleOf('AuthorizationServerKeyRotationFunction');
    const context = {
      'kms:EncryptionContext:countersign:registry': resolved(registryOf(wrapped)),
      'kms:DataKeyPairSpec': 'RSA_2048',
    };
    const everybody = [token, rotation, 'arn:aws:iam::111122223333:role/another'];
    const whoMay = (action: string, special = context) =>
      everybody.filter((role) =>
        allows(policy, { role, action, context: special, iam: ['kms:*'] }),
      );
    expect(whoMay('kms:Decrypt')).toEqual([token]);
    expect(whoMay('kms:GenerateDataKeyPairWithoutPlaintext')).toEqual([rotation]);
    const ofAnother = { ...context, 'kms:EncryptionContext:countersign:registry': 'another' };
    expect(whoMay('kms:Decrypt', ofAnother)).toEqual([]);
    for (const action of ['Encrypt', 'ReEncryptFrom', 'GenerateDataKeyPair', 'CreateGrant']) {
      expect(whoMay(`kms:${action}`)).toEqual([]);
    }
    // What IAM policies allow, as CloudFormation's role does.
    for (const action of ['PutKeyPolicy', 'EnableKeyRotation', 'TagResource', 'DescribeKey']) {
      expect(whoMay(`kms:${action}`)).toEqual(everybody);
    }
  });

  test('lets the key rotation make pairs for this deployment, of one kind, and no key within KMS', () => {
    const { id } = resourceOf(
      wrapped,
      'AWS::KMS::Key',
      'AuthorizationServerKeyRotationWrappingKey',
    );
    expect(environmentOf(wrapped, 'AuthorizationServerKeyRotationFunction')).toMatchObject({
      WRAPPING_KEY: { 'Fn::GetAtt': [id, 'Arn'] },
    });
    const condition = {
      StringEquals: {
        'kms:EncryptionContext:countersign:registry': registryOf(wrapped),
        'kms:DataKeyPairSpec': 'RSA_2048',
      },
    };
    expect(kmsPermissions(wrapped, 'AuthorizationServerKeyRotationFunction')).toEqual([
      { action: 'kms:DescribeKey', on: anyKey },
      {
        action: 'kms:GenerateDataKeyPairWithoutPlaintext',
        on: wrappingKey,
        condition,
      },
      { action: 'kms:GetPublicKey', on: anyKey },
      { action: 'kms:ScheduleKeyDeletion', on: anyKey, condition: expect.anything() },
    ]);
  });

  test('lets the token function unwrap what is of this deployment, also by a key that came before', () => {
    const context = { 'kms:EncryptionContext:countersign:registry': registryOf(wrapped) };
    expect(kmsPermissions(wrapped, 'AuthorizationServerTokenFunction')).toEqual([
      {
        action: 'kms:Decrypt',
        on: anyKey,
        condition: {
          StringEquals: {
            'aws:ResourceTag/countersign:registry': registryOf(wrapped),
            ...context,
          },
        },
      },
      { action: 'kms:Decrypt', on: wrappingKey, condition: { StringEquals: context } },
      { action: 'kms:Sign', on: anyKey, condition: expect.anything() },
    ]);
  });

  test('lets no other function unwrap', () => {
    expect(kmsPermissions(wrapped, 'AuthorizationServerDiscoveryFunction')).toEqual([]);
  });

  test('is a change that the key ring is told of', () => {
    const properties = (template: Template) =>
      Object.values(template.findResources('Custom::CountersignKeyRing'))[0]?.Properties;
    expect(properties(wrapped)).toMatchObject({
      WrappingKey: { 'Fn::GetAtt': [expect.any(String), 'Arn'] },
    });
    expect(properties(inKms)).toMatchObject({ WrappingKey: 'none' });
  });

  test('is a setting', () => {
    const { countersign } = synthesize({ signing: 'kms-wrapped', signingAlgorithm: 'ES256' });
    countersign.resourceCountIs('AWS::KMS::Key', 1);
    expect(() => synthesize({ signing: 'local' })).toThrow(
      'signing is "local", but it must be kms or kms-wrapped.',
    );
  });

  test('is refused for an algorithm that KMS makes no pairs for', () => {
    const props = { signingAlgorithm: SigningAlgorithm.ML_DSA_44, experimentalAlgorithms: true };
    expect(() => templateOf({ ...props, signing: KeyCustody.KMS_WRAPPED })).toThrow(
      'signing is "kms-wrapped", but KMS makes no key pairs to wrap for ML-DSA-44: choose another ' +
        'signingAlgorithm, or leave signing out.',
    );
  });
});

describe("signing: 'kms', the default", () => {
  test('has no key that wraps, and lets none be made', () => {
    inKms.resourceCountIs('AWS::KMS::Key', 0);
    expect(environmentOf(inKms, 'AuthorizationServerKeyRotationFunction')).toMatchObject({
      WRAPPING_KEY: 'none',
    });
    expect(
      kmsPermissions(inKms, 'AuthorizationServerKeyRotationFunction').map(({ action }) => action),
    ).toEqual([
      'kms:CreateKey',
      'kms:DescribeKey',
      'kms:GetPublicKey',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
    ]);
  });

  test('lets the token function unwrap what was wrapped before, by a key of this deployment', () => {
    const condition = {
      StringEquals: {
        'aws:ResourceTag/countersign:registry': registryOf(inKms),
        'kms:EncryptionContext:countersign:registry': registryOf(inKms),
      },
    };
    expect(kmsPermissions(inKms, 'AuthorizationServerTokenFunction')).toEqual([
      { action: 'kms:Decrypt', on: anyKey, condition },
      { action: 'kms:Sign', on: anyKey, condition: expect.anything() },
    ]);
  });
});
