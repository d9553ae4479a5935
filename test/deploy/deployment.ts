import { deploy } from './cdk.ts';
import { demo, physicalIds, product } from './deployed-stack.ts';
import { type Domain, openDomain } from './domain.ts';

/** Both stacks behind domains of their own, on this computer. */
export interface Deployment extends AsyncDisposable {
  readonly issuer: string;
  readonly api: string;
  /** Deploys the product alone, with no more settings than these. */
  deployProduct(...settings: readonly string[]): Promise<string>;
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
    deployProduct: (...settings) => deploy(product, ...contextOf(settings)),
    deploy: async (...settings) => {
      const printed = await deploy(product, 'Demo/*', ...contextOf([...own, ...settings]));
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

const contextOf = (settings: readonly string[]): readonly string[] =>
  settings.flatMap((setting) => ['--context', setting]);

async function lead(domain: Domain, stack: string): Promise<void> {
  const [id = ''] = await physicalIds(stack, 'AWS::ApiGatewayV2::Api');
  domain.leadTo(id);
}
