/** What a deployment measures of itself, by which alarms learn of it. */
export interface DeploymentMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: 'Seconds' | 'Count';
  readonly service: string;
  /** The dimension that tells deployments apart. */
  readonly dimension: string;
}

/** How late a key rotation is. */
export const overdueMetric = {
  namespace: 'Countersign',
  name: 'OverdueSeconds',
  unit: 'Seconds',
  service: 'key-rotation',
  dimension: 'deployment',
} as const satisfies DeploymentMetric;

/** How many clients will soon be without a secret. */
export const expiryMetric = {
  namespace: 'Countersign',
  name: 'ClientsLosingSecrets',
  unit: 'Count',
  service: 'administration',
  dimension: 'deployment',
} as const satisfies DeploymentMetric;
