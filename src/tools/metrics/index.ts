export type { MetricFamily, Sample } from './family.js';
export { openMetricsText } from './open-metrics.js';
export { type MetricGroup, type MetricsOptions, metricGroups, readMetrics } from './read-metrics.js';
export { spoolMetrics } from './spool-figures.js';
