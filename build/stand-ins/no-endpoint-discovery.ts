// Stands for @aws-sdk/middleware-endpoint-discovery, which a function has off.

/** Where the SDK would look whether it is on. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { default: false } as const;

/** Leaves the configuration of a client as it is. */
export const resolveEndpointDiscoveryConfig = <Configuration>(
  configuration: Configuration,
): Configuration => configuration;
