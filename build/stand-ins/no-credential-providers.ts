/**
 * Stands for @aws-sdk/credential-provider-node: a function has its credentials from its environment and
 * says so (functions/aws/lambda-settings.ts).
 */
export const defaultProvider = () => async (): Promise<never> => {
  throw new Error('an SDK client of a function was made without lambdaSettings');
};
