import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { type AddRoutesOptions, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { deploy } from '../../local/deployment/deployment.ts';
import { close, listen } from '../../local/io/http-server.ts';
import type { RunningStack } from '../support/local-stack.ts';

/** An API with an MCP server behind it, as an app of somebody else has it. */
export interface McpApi extends AsyncDisposable {
  /** All that a client is told of it. */
  readonly url: string;
}

/** What stands before the server, or within it. */
type Protection = 'guard' | 'authorizer';

const root = resolve(import.meta.dirname, '../..');

const routes = { 'ANY /mcp': ['tools'], 'POST /admin': ['admin'] };

/**
 * Deploys an MCP server whose tokens come from a local stack, from its template and with its bundles. Its code
 * is that of docs/mcp.md, without the guard where an authorizer stands before it.
 */
export async function startMcpApi(stack: RunningStack, protection: Protection): Promise<McpApi> {
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'countersign-mcp-'));
  started.defer(() => rm(directory, { recursive: true }));
  const listener: { answer?: Parameters<typeof createServer>[1] } = {};
  const server = createServer((...exchange) => listener.answer?.(...exchange));
  const origin = `http://127.0.0.1:${await listen(server)}`;
  started.defer(() => close(server));
  const code = join(directory, 'code');
  await bundleServer(protection, code);
  const outdir = join(directory, 'cdk.out');
  const made = { issuer: stack.issuer, audience: `${origin}/mcp`, origin, code, outdir };
  const { account, dynamodbEndpoint: dynamodb, kmsEndpoint: kms } = stack;
  const deployment = started.use(
    await deploy(synthesized(made, protection), {
      endpoints: { account, dynamodb, kms },
      dynamodb: { observe: () => undefined },
      directory,
      apiEndpoint: () => origin,
      now: () => Date.now() / 1000,
      log: () => undefined,
    }),
  );
  listener.answer = deployment.apis.get('Mcp');
  const running = started.move();
  return { url: made.audience, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function bundleServer(protection: Protection, outdir: string): Promise<void> {
  const page = await readFile(join(root, 'docs/mcp.md'), 'utf8');
  const [, source = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const contents = source.replace(
    "'countersign/guard'",
    `'${root}/functions/authorizer/guard/index.ts'`,
  );
  const unguarded = contents.replace('= guard(', '= (');
  await build({
    stdin: {
      contents: protection === 'guard' ? contents : unguarded,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: join(outdir, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // What the SDK's own dependencies require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

interface Made {
  readonly issuer: string;
  readonly audience: string;
  readonly origin: string;
  /** The folder with the server's bundle. */
  readonly code: string;
  readonly outdir: string;
}

function synthesized({ outdir, ...made }: Made, protection: Protection) {
  const app = new App({
    context: { 'aws:cdk:enable-asset-metadata': true },
    outdir,
    builtinCloudFormationValidation: false,
    analyticsReporting: false,
  });
  const stack = new Stack(app, 'Mcp');
  const httpApi = new HttpApi(stack, 'Api');
  const mcp = new LambdaFunction(stack, 'Server', {
    code: Code.fromAsset(made.code),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
  });
  const attached = protections[protection](stack, { ...made, httpApi, mcp });
  const integration = new HttpLambdaIntegration('Mcp', mcp);
  const add = (path: string, method: HttpMethod) =>
    httpApi.addRoutes({ path, methods: [method], integration, ...attached });
  add('/mcp', HttpMethod.ANY);
  add('/admin', HttpMethod.POST);
  return app.synth().stacks.map(({ stackName: name, template, assembly: { directory } }) => ({
    name,
    directory,
    resources: template.Resources,
    outputs: template.Outputs ?? {},
  }));
}

type Protect = (
  stack: Stack,
  made: Omit<Made, 'outdir'> & { readonly httpApi: HttpApi; readonly mcp: LambdaFunction },
) => Pick<AddRoutesOptions, 'authorizer'>;

const protections: Readonly<Record<Protection, Protect>> = {
  guard(stack, { httpApi, mcp, issuer, audience, origin }) {
    const guard = new AccessTokenGuard(stack, 'Guard', {
      function: mcp,
      httpApis: [httpApi],
      issuer,
      audience,
      routes,
      boundTokens: { publicUrl: origin },
    });
    guard.addProtectedResourceMetadata(httpApi, { resourceName: 'Orders' });
    return {};
  },
  authorizer(stack, { httpApi, issuer, audience }) {
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { issuer, audience, routes });
    made.addProtectedResourceMetadata(httpApi, { resourceName: 'Orders' });
    return { authorizer: made.httpAuthorizer() };
  },
};
