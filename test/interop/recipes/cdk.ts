import { node as toolchain } from '../toolchains/node.ts';

const recipe = { library: 'aws-cdk-lib', toolchain } as const;

/** CDK apps whose APIs AWS itself verifies tokens for. */
export const cdkApps = [
  { ...recipe, title: 'HttpApi', files: ['http-api.mjs'] },
  { ...recipe, title: 'LoadBalancer', files: ['load-balancer.mjs'] },
] as const;
