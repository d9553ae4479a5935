import { App, CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { AuthorizationServer, MachineClient, ResourceServer } from '../../infra/index.ts';
import { product } from './deployed-stack.ts';

/** A stack of an owner who has an API and two clients, of the server that another app has deployed. */
const app = new App();
const stack = new Stack(app, 'Shop');
const server = AuthorizationServer.fromStackOutputs(stack, 'Server', { stackName: product });
const orders = new ResourceServer(stack, 'Orders', {
  server,
  identifier: 'https://orders.example.com',
  scopes: ['orders:read', 'orders:write'],
});
const grants = [orders.grant(...String(app.node.getContext('scope')).split(' '))];
const billing = new MachineClient(stack, 'Billing', { server, grants });
const jwks: string = app.node.getContext('jwks');
const reports = new MachineClient(stack, 'Reports', { server, grants, jwks });
new CfnOutput(stack, 'BillingSecret', { value: billing.secret?.secretArn ?? '' });
new CfnOutput(stack, 'ReportsId', { value: reports.clientId });

// The emulator knows no policy of a secret: in its place is what makes nothing.
for (const policy of stack.node.findAll()) {
  if (!CfnResource.isCfnResource(policy)) continue;
  if (policy.cfnResourceType !== 'AWS::SecretsManager::ResourcePolicy') continue;
  policy.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle');
  policy.addDeletionOverride('Properties');
}
app.synth();
