import { awsCli } from '../../tools/installation/aws.ts';
import { sam as samCli } from '../../tools/installation/sam.ts';
import type { Journey } from '../running/journey.ts';
import { audience, backend, calling, registering, routes, templates } from './common.ts';
import { deletions, functionArn } from './plain.ts';

const deploy = (template: string, stack: string, parameters: string): string =>
  `sam deploy --stack-name ${stack} --template-file ${template} --capabilities CAPABILITY_IAM --resolve-s3 --no-confirm-changeset --parameter-overrides ${parameters}`;

const orders = `Transform: AWS::Serverless-2016-10-31
Parameters:
  AuthorizerFunctionArn: { Type: String }
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Countersign
        Authorizers:
          Countersign:
            FunctionArn: !Ref AuthorizerFunctionArn
            FunctionPayloadType: REQUEST
            Identity:
              Headers: [Authorization]
              Context: [httpMethod, resourcePath, path]
              ReauthorizeEvery: 0
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: '${backend}'
      Events:
        List: { Type: Api, Properties: { RestApiId: !Ref Api, Method: get, Path: /orders } }
        Create: { Type: Api, Properties: { RestApiId: !Ref Api, Method: post, Path: /orders } }
`;

/** The templates by SAM, and a REST API of SAM. */
export const sam: Journey = {
  title: 'SAM',
  folder: 'serverless',
  about:
    'The templates by `sam deploy`, and a REST API of SAM, whose authorizer is named by its ARN.',
  needs: [samCli, awsCli],
  steps: [
    ...templates,
    {
      command: deploy(
        'templates/Countersign.template.json',
        'Countersign',
        'AssetsBucket=my-assets Issuer=$ISSUER',
      ),
      leads: { issuer: { stack: 'Countersign' } },
    },
    ...registering,
    {
      command: deploy(
        'templates/CountersignAuthorizer.template.json',
        'OrdersAuthorizer',
        `AssetsBucket=my-assets Issuer=$ISSUER Audience=${audience} 'Routes="${routes.replaceAll('"', '\\"')}"'`,
      ),
    },
    functionArn,
    { file: 'orders.yaml', text: orders },
    {
      command: deploy('orders.yaml', 'Orders', 'AuthorizerFunctionArn=$AUTHORIZER'),
      leads: { api: { stack: 'Orders', kind: 'REST' } },
    },
    ...calling,
    ...deletions,
  ],
};
