/** The properties of a resource type that the local stack knows. */
interface ResourceType {
  /** They have the effect that they have in AWS. */
  readonly read: readonly string[];
  /** They have no effect. */
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
    read: ['ApiId', 'AutoDeploy', 'DefaultRouteSettings', 'RouteSettings', 'StageName'],
    ignored: ['AccessLogSettings', 'Description', 'Tags'],
  },
  'AWS::CDK::Metadata': { read: [], ignored: ['Analytics'] },
  // There are no metrics to watch.
  'AWS::CloudWatch::Alarm': {
    read: [],
    ignored: [
      'AlarmActions',
      'AlarmDescription',
      'ComparisonOperator',
      'Dimensions',
      'EvaluationPeriods',
      'InsufficientDataActions',
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
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TableName',
    ],
    ignored: ['Replicas', 'SSESpecification', 'TimeToLiveSpecification'],
  },
  'AWS::IAM::Policy': { read: [], ignored: ['PolicyDocument', 'PolicyName', 'Roles'] },
  'AWS::IAM::Role': {
    read: [],
    ignored: ['AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns', 'Policies', 'Tags'],
  },
  // EnableKeyRotation can be ignored, since a rotated key still decrypts what it encrypted before.
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
  // A call that fails fails whoever made it.
  'AWS::Lambda::EventInvokeConfig': {
    read: [],
    ignored: ['FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  },
  // How long a batch is tried again is not emulated: see deployment/streams.ts.
  'AWS::Lambda::EventSourceMapping': {
    read: ['BatchSize', 'EventSourceArn', 'FunctionName', 'StartingPosition'],
    ignored: ['BisectBatchOnFunctionError', 'MaximumRecordAgeInSeconds', 'Tags'],
  },
  'AWS::Lambda::Function': {
    read: ['Environment', 'FunctionName', 'Handler', 'MemorySize', 'Runtime', 'Timeout'],
    ignored: ['Architectures', 'Code', 'Description', 'LoggingConfig', 'Role', 'Tags'],
  },
  'AWS::Lambda::Permission': {
    read: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
    ignored: ['SourceAccount'],
  },
  'AWS::Logs::LogGroup': { read: [], ignored: ['LogGroupName', 'RetentionInDays', 'Tags'] },
  'AWS::Scheduler::Schedule': {
    read: ['FlexibleTimeWindow', 'ScheduleExpression', 'State', 'Target'],
    ignored: ['Description', 'ScheduleExpressionTimezone'],
  },
};

/** Whether a type is a custom resource. Its properties are for its function alone. */
export const isCustom = (type: string): boolean => type.startsWith('Custom::');
