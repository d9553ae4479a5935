import { awsCli } from '../../tools/installation/aws.ts';
import type { Command, Journey } from '../running/journey.ts';
import { audience, backend, calling, registering, routes, templates } from './common.ts';

const aws = (template: string, stack: string, parameters: string): string =>
  `aws cloudformation deploy --stack-name ${stack} --template-file ${template} --capabilities CAPABILITY_IAM --parameter-overrides ${parameters}`;

const ofAuthorizer = (name: string) =>
  `aws cloudformation describe-stacks --stack-name OrdersAuthorizer --query "Stacks[0].Outputs[?OutputKey=='${name}'].OutputValue" --output text`;

/** Tells the ARN of the authorizer's function. */
export const functionArn: Command = {
  command: ofAuthorizer('FunctionArn'),
  gives: { AUTHORIZER: /(arn:aws:lambda:\S+)/ },
};

/** Deletes the stacks. */
export const deletions: readonly Command[] = ['Orders', 'OrdersAuthorizer', 'Countersign'].map(
  (stack) => ({
    command: `aws cloudformation delete-stack --stack-name ${stack} && aws cloudformation wait stack-delete-complete --stack-name ${stack}`,
  }),
);

const route = (id: string, method: string): string => `  ${id}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: ${method} /orders
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Authorizer
      Target: !Sub integrations/\${Integration}
`;

const orders = `Parameters:
  AuthorizerFunctionArn: { Type: String }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: orders, ProtocolType: HTTP }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: $default, AutoDeploy: true }
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: countersign
      AuthorizerType: REQUEST
      AuthorizerUri: !Sub arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${AuthorizerFunctionArn}/invocations
      AuthorizerPayloadFormatVersion: '2.0'
      EnableSimpleResponses: true
      AuthorizerResultTtlInSeconds: 0
      IdentitySource: [$request.header.Authorization]
  AuthorizerPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref AuthorizerFunctionArn
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/authorizers/\${Authorizer}
${route('Read', 'GET')}${route('Write', 'POST')}  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Function.Arn
      PayloadFormatVersion: '2.0'
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: '${backend}'
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Function
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Action: sts:AssumeRole, Principal: { Service: lambda.amazonaws.com } }
`;

const server = 'templates/Countersign.template.json';
const authorizer = 'templates/CountersignAuthorizer.template.json';

/** No CDK and no bootstrapped account. */
export const plain: Journey = {
  title: 'Plain CloudFormation',
  folder: 'plain',
  about:
    "The templates of `countersign template`, and an API in a template of one's own, by the AWS CLI.",
  needs: [awsCli],
  steps: [
    ...templates,
    {
      command: `${aws(server, 'Countersign', 'AssetsBucket=my-assets Issuer=$ISSUER')} --s3-bucket my-assets`,
      leads: { issuer: { stack: 'Countersign' } },
    },
    ...registering,
    {
      command: aws(
        authorizer,
        'OrdersAuthorizer',
        `AssetsBucket=my-assets Issuer=$ISSUER Audience=${audience} 'Routes=${routes}'`,
      ),
    },
    functionArn,
    { file: 'orders.yaml', text: orders },
    {
      command: aws('orders.yaml', 'Orders', 'AuthorizerFunctionArn=$AUTHORIZER'),
      leads: { api: { stack: 'Orders' } },
    },
    ...calling,
    ...deletions,
  ],
};
