import { audience, backend } from './common.ts';

const imports = (line: (names: string, from: string) => string): string =>
  [
    line('HttpApi, HttpMethod', 'aws-cdk-lib/aws-apigatewayv2'),
    line('HttpLambdaIntegration', 'aws-cdk-lib/aws-apigatewayv2-integrations'),
    line('Code, Function: Lambda, Runtime', 'aws-cdk-lib/aws-lambda'),
  ].join('\n');

/** As ES modules and TypeScript have it. */
export const moduleImports = imports(
  (names, from) => `import { ${names.replace(':', ' as')} } from '${from}';`,
);

/** As CommonJS has it. */
export const requires = imports((names, from) => `const { ${names} } = require('${from}');`);

/** An API whose two routes are guarded. */
export const guardedApi = (stack: string): string =>
  `const authorizer = new AccessTokenAuthorizer(${stack}, 'Authorizer', {
  server,
  audience: '${audience}',
  routes: { 'GET /orders': ['read'], 'POST /orders': ['write'] },
});
const orders = new Lambda(${stack}, 'Orders', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline(
    '${backend}',
  ),
});
new HttpApi(${stack}, 'OrdersApi').addRoutes({
  path: '/orders',
  methods: [HttpMethod.GET, HttpMethod.POST],
  integration: new HttpLambdaIntegration('OrdersIntegration', orders),
  authorizer: authorizer.httpAuthorizer(),
});`;

/** A server in a stack of the owner's, for which this is all. */
export const ownServer = (stack: string): string =>
  `const server = new AuthorizationServer(${stack}, 'AuthorizationServer', { issuer: process.env.ISSUER });`;

export const indented = (text: string, spaces: number): string =>
  text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
