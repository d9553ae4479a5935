/** What the local stack makes of the properties of a resource type. */
interface ResourceType {
  /** They mean here what they mean in AWS. */
  readonly read: readonly string[];
  /** They make no difference to what the local stack does. */
  readonly ignored: readonly string[];
}

/** The resource types that the local stack knows, with all of their properties that it knows. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGatewayV2::Api': { read: ['ProtocolType'], ignored: ['Name', 'Description', 'Tags'] },
  'AWS::ApiGatewayV2::Authorizer': {
    read: [
      'ApiId',
      'AuthorizerPayloadFormatVersion',
      'AuthorizerResultTtlInSeconds',
      'AuthorizerType',
      'AuthorizerUri',
      'EnableSimpleResponses',
      'IdentitySource',
    ],
    ignored: ['Name'],
  },
  'AWS::ApiGatewayV2::Integration': {
    read: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    ignored: ['Description', 'IntegrationMethod'],
  },
  'AWS::ApiGatewayV2::Route': {
    read: ['ApiId', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'],
    ignored: ['OperationName'],
  },
  'AWS::ApiGatewayV2::Stage': {
    read: ['ApiId', 'AutoDeploy', 'StageName'],
    ignored: ['AccessLogSettings', 'DefaultRouteSettings', 'Description', 'RouteSettings', 'Tags'],
  },
  'AWS::CDK::Metadata': { read: [], ignored: ['Analytics'] },
  // Nothing here watches a metric.
  'AWS::CloudWatch::Alarm': {
    read: [],
    ignored: [
      'AlarmActions',
      'AlarmDescription',
      'ComparisonOperator',
      'Dimensions',
      'EvaluationPeriods',
      'MetricName',
      'Namespace',
      'Period',
      'Statistic',
      'Threshold',
      'TreatMissingData',
    ],
  },
  'AWS::DynamoDB::GlobalTable': {
    read: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'TableName',
    ],
    ignored: ['Replicas', 'SSESpecification', 'TimeToLiveSpecification'],
  },
  'AWS::IAM::Policy': { read: [], ignored: ['PolicyDocument', 'PolicyName', 'Roles'] },
  'AWS::IAM::Role': {
    read: [],
    ignored: ['AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns', 'Policies', 'Tags'],
  },
  // A rotated key decrypts what it encrypted before, and a policy is not enforced.
  'AWS::KMS::Key': {
    read: ['Description', 'Enabled', 'KeySpec', 'KeyUsage', 'Tags'],
    ignored: [
      'BypassPolicyLockoutSafetyCheck',
      'EnableKeyRotation',
      'KeyPolicy',
      'PendingWindowInDays',
      'RotationPeriodInDays',
    ],
  },
  'AWS::Lambda::Function': {
    read: ['Environment', 'FunctionName', 'Handler', 'MemorySize', 'Runtime', 'Timeout'],
    ignored: ['Architectures', 'Code', 'Description', 'LoggingConfig', 'Role', 'Tags'],
  },
  'AWS::Lambda::Permission': {
    read: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
    ignored: [],
  },
  'AWS::Logs::LogGroup': { read: [], ignored: ['LogGroupName', 'RetentionInDays', 'Tags'] },
  'AWS::Scheduler::Schedule': {
    read: ['FlexibleTimeWindow', 'ScheduleExpression', 'State', 'Target'],
    ignored: ['Description', 'ScheduleExpressionTimezone'],
  },
};

/** Custom resources: what their properties mean, their function knows. */
export const isCustom = (type: string): boolean => type.startsWith('Custom::');
