// Stands for @smithy/core/config, which looks for settings in the environment, in files and at the
// metadata service of EC2. A function makes its clients with all of them, and the rest is as by default.

type Provided<Value> = Value | (() => Promise<Value>);

const provider =
  <Value>(provided: Provided<Value>): (() => Promise<Value>) =>
  async () =>
    provided instanceof Function ? await provided() : provided;

/** Gives the default. */
export const loadConfig = <Value>(setting: { readonly default: Provided<Value> }) =>
  provider(setting.default);

/** Makes providers of what AWS_REGION and the settings say. */
export function resolveRegionConfig<
  Configuration extends {
    readonly region: Provided<string>;
    readonly useFipsEndpoint: Provided<boolean>;
  },
>(configuration: Configuration) {
  const { region, useFipsEndpoint } = configuration;
  return Object.assign(configuration, {
    region: provider(region),
    useFipsEndpoint: provider(useFipsEndpoint),
  });
}

/** What stands in for settings that a client was not made with. */
export const resolveDefaultsModeConfig = () => provider('standard');

/** lambdaSettings() supplies these: the defaults are never read. */
const set = { default: undefined } as const;
export const NODE_REGION_CONFIG_OPTIONS = set;
export const NODE_REGION_CONFIG_FILE_OPTIONS = {} as const;
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS = set;
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS = set;

// What modules of the SDK name that no function runs.
export const REGION_ENV_NAME = 'AWS_REGION';
export const REGION_INI_NAME = 'region';
export const CONFIG_PREFIX_SEPARATOR = '.';
export const SelectorType = { ENV: 'env', CONFIG: 'shared config entry' } as const;
export const booleanSelector = (): undefined => undefined;
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
}
