import type { MetricFamily } from './family.js';

/**
 * Metrics in the text format of OpenMetrics 1.0, which Prometheus, node exporter and Telegraf read.
 * @param families in the order in which they are written
 *
 * @example
 * import { openMetricsText } from 'ccat-ops-db/metrics';
 *
 * const samples = [{ labels: { location: 'lta' }, value: 4 }];
 * const text = openMetricsText([{ name: 'ccat_ops_db_copies', help: 'Copies.', samples }]);
 * console.log(text.split('\n')[2]); // ccat_ops_db_copies{location="lta"} 4
 */
export function openMetricsText(families: readonly MetricFamily[]): string {
  return [...families.flatMap(linesOf), '# EOF'].join('\n');
}

function linesOf({ name, unit, help, samples }: MetricFamily): string[] {
  return [
    `# TYPE ${name} gauge`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${escaped(help)}`,
    ...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
  ];
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
