/** The metric by which an alarm learns of a key rotation that is late. */
export const overdueMetric = {
  namespace: 'Countersign',
  name: 'OverdueSeconds',
  service: 'key-rotation',
  /** The dimension that tells deployments apart. */
  dimension: 'deployment',
} as const;
