import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, test } from 'vitest';
import { CountersignStack } from '../../infra/app/countersign-stack.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, scratchStack, synthesize } from './synthesis.ts';

/** A deployment on a registry table that is there already. */

const tableArn = 'arn:aws:dynamodb:eu-central-1:111122223333:table/Restored';
const registryTableStreamArn = `${tableArn}/stream/2026-11-30T00:00:00.000`;
const adoptedKeys = [
  '11112222-3333-4444-5555-666677778888',
  '99992222-3333-4444-5555-666677778888',
];
const { countersign: template } = synthesize({
  registryTableStreamArn,
  adoptedKeys: adoptedKeys.join(' '),
});

const functionIds = Object.keys(template.findResources('AWS::Lambda::Function')).filter((id) =>
  id.startsWith('AuthorizationServer'),
);

describe('a registry table that is there already', () => {
  test('no other is made, and the stack says which it is', () => {
    const made = Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(made.map((id) => id.slice(0, -8))).toEqual([
      'AuthorizationServerEphemera',
      'AuthorizationServerRevocations',
    ]);
    expect(template.findOutputs('RegistryTable').RegistryTable?.Value).toBe('Restored');
  });

  test('each function that knows a registry knows this one, and may do with it what it might with another', () => {
    const { countersign: usual } = synthesize();
    const ofRegistry = (of: Template, id: string, arn: string) =>
      permissionsOf(of, id)
        .filter(({ on }) => on === arn)
        .map(({ on: _, ...permission }) => permission);
    const knowing = functionIds.filter(
      (id) =>
        'Environment' in propertiesOf(template, 'AWS::Lambda::Function', id) &&
        'REGISTRY_TABLE' in environmentOf(template, id),
    );
    expect(knowing.length).toBeGreaterThan(4);
    for (const id of knowing) {
      expect(environmentOf(template, id).REGISTRY_TABLE).toBe('Restored');
      expect(ofRegistry(template, id, tableArn)).toEqual(
        ofRegistry(usual, id, 'AWS::DynamoDB::GlobalTable AuthorizationServerRegistry'),
      );
    }
  });

  test('the keys with the tag of this table are the keys of the deployment', () => {
    const conditions = permissionsOf(template, 'AuthorizationServerTokenFunction')
      .filter(({ action }) => action === 'kms:Sign')
      .map(({ condition }) => condition);
    expect(conditions).toMatchObject([
      { StringEquals: { 'aws:ResourceTag/countersign:registry': 'Restored' } },
    ]);
  });

  test('another table is another key ring, which the deployment looks at', () => {
    expect(propertiesOf(template, 'Custom::CountersignKeyRing')).toMatchObject({
      Registry: 'Restored',
    });
  });
});

describe('E11: the keys that it brings', () => {
  const entrusting = (of: Template, id: string) =>
    permissionsOf(of, id).filter(({ action }) => action === 'kms:PutKeyPolicy');

  test('get their policies from the key rotation, which may put those of no other key', () => {
    const arns = adoptedKeys.map((id) => `arn:<Partition>:kms:<Region>:<AccountId>:key/${id}`);
    expect(entrusting(template, 'AuthorizationServerKeyRotation')).toEqual([
      { action: 'kms:PutKeyPolicy', on: arns.join(' ') },
    ]);
    for (const id of functionIds.filter((one) => !one.includes('KeyRotation'))) {
      expect(entrusting(template, id)).toEqual([]);
    }
  });

  test('are none where nobody says so', () => {
    const { countersign } = synthesize({ registryTableStreamArn });
    expect(entrusting(countersign, 'AuthorizationServerKeyRotation')).toEqual([]);
  });
});

describe('AuthorizationServer', () => {
  test('takes a table of the app', () => {
    const stack = scratchStack();
    const registryTable = new TableV2(stack, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    const { registry } = new AuthorizationServer(stack, 'Server', { registryTable });
    expect(registry).toBe(registryTable);
    expect(environmentOf(Template.fromStack(stack), 'ServerTokenFunction')).toMatchObject({
      REGISTRY_TABLE: { Ref: expect.stringMatching(/^Table/) },
    });
  });

  test('refuses a table whose changes nobody could record', () => {
    const stack = scratchStack();
    const registryTable = TableV2.fromTableName(stack, 'Table', 'Restored');
    expect(() => new AuthorizationServer(stack, 'Server', { registryTable })).toThrow(
      'registryTable has no stream that is known',
    );
  });

  test('refuses what is no table', () => {
    const wrong = { registryTable: 'Restored' as never };
    expect(() => new AuthorizationServer(scratchStack(), 'Server', wrong)).toThrow(
      'registryTable is "Restored", but it must be a TableV2',
    );
  });

  test('refuses keys without the table that has them', () => {
    expect(() => new AuthorizationServer(scratchStack(), 'Server', { adoptedKeys })).toThrow(
      'adoptedKeys is set, which needs the registry table that has these keys, too',
    );
  });

  test.for(['*', 'alias/key', '11112222-3333-4444-5555-66667777888*'])(
    'refuses the key %s',
    (key) => {
      const props = { registryTableStreamArn, adoptedKeys: [key] };
      expect(() => new CountersignStack(scratchStack(), 'Countersign', props)).toThrow(
        'it must be ids of KMS keys',
      );
    },
  );

  test('CountersignStack refuses what is no stream', () => {
    const props = { registryTableStreamArn: tableArn };
    expect(() => new CountersignStack(scratchStack(), 'Countersign', props)).toThrow(
      'it must be the ARN of the stream of a DynamoDB table',
    );
  });
});
