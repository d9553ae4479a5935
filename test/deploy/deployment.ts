import { deploy } from './cdk.ts';
import { demo, physicalIds, product } from './deployed-stack.ts';
import { type Domain, openDomain } from './domain.ts';

/** Both stacks behind domains of their own, on this computer. */
export interface Deployment extends AsyncDisposable {
  readonly issuer: string;
  readonly api: string;
  /** Deploys both, with more settings if need be, and gives what `cdk` printed. */
  deploy(...settings: readonly string[]): Promise<string>;
}

/** Opens the domains. They lead to the stacks after each deployment. */
export async function openDeployment(): Promise<Deployment> {
  const [issuer, api] = [await openDomain(), await openDomain()];
  const own = [`issuer=${issuer.origin}`, `demoApiUrl=${api.origin}`];
  return {
    issuer: issuer.origin,
    api: api.origin,
    deploy: async (...settings) => {
      const context = [...own, ...settings].flatMap((setting) => ['--context', setting]);
      const printed = await deploy(product, 'Demo/*', ...context);
      await lead(issuer, product);
      await lead(api, demo);
      return printed;
    },
    [Symbol.asyncDispose]: async () => {
      await issuer[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

async function lead(domain: Domain, stack: string): Promise<void> {
  const [id = ''] = await physicalIds(stack, 'AWS::ApiGatewayV2::Api');
  domain.leadTo(id);
}
