import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { synthesize } from './synthesis.ts';

/** Type -> the property that names a resource, once in an account and Region. */
const namedBy: Readonly<Record<string, string | undefined>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SNS::Topic': 'TopicName',
};

/** Types whose resources may have the same name twice, or have none. */
const nameless = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::IAM::Policy',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'Custom::CountersignKeyRing',
];

const resourcesOf = (template: Template): [string, { Type: string; Properties: object }][] =>
  Object.entries(template.toJSON().Resources);

/** The names that the template of a stack gives. */
const namesIn = (template: Template, stackName: string): readonly string[] =>
  resourcesOf(template).flatMap(([, { Type, Properties }]) => {
    const name = Object.entries(Properties).find(([property]) => property === namedBy[Type]);
    const text = JSON.stringify([Type, name?.[1]]);
    return name ? [text.replaceAll('{"Ref":"AWS::StackName"}', JSON.stringify(stackName))] : [];
  });

/** Both stacks of a deployment, with as many resources as settings can make. */
function deployment(stackName: string) {
  const { countersign, demoApi } = synthesize({ signing: 'kms-wrapped', stackName });
  return {
    templates: [countersign, demoApi],
    names: [...namesIn(countersign, stackName), ...namesIn(demoApi, `${stackName}DemoApi`)],
  };
}

test('another stackName is a deployment that shares no name with the first', () => {
  const [first, second] = [deployment('Countersign'), deployment('CountersignStaging')];
  const types = first.templates.flatMap(resourcesOf).map(([, { Type }]) => Type);
  expect([...new Set(types)].filter((type) => !namedBy[type] && !nameless.includes(type))).toEqual(
    [],
  );
  expect(first.names.length).toBeGreaterThan(0);
  expect(second.names.filter((name) => first.names.includes(name))).toEqual([]);
});

test('and exports nothing by a name', () => {
  for (const template of deployment('Countersign').templates) {
    const outputs = Object.values<{ Export?: unknown }>(template.toJSON().Outputs);
    expect(outputs.filter(({ Export }) => Export !== undefined)).toEqual([]);
  }
});
