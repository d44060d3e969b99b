import { type Command, Option } from 'commander';
import { assertSchema } from '../../database/prepare-schema.js';
import { type MetricGroup, metricGroups, openMetricsText, readMetrics } from '../metrics/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';

interface Options extends Output {
  readonly only?: readonly MetricGroup[];
}

/** `opsdb metrics`: figures of the archive for monitors. */
export function metricsCommand(): Command {
  return new DatabaseCommand('metrics', {
    'opsdb metrics': 'all figures in the text format of OpenMetrics, for node exporter or Telegraf',
    'opsdb metrics --only work replica': 'without the copies, which are many and change slowly',
    'opsdb metrics --json': 'the same for another program',
  })
    .description(
      'Print metrics for monitors: work by class and status, waiting work, retries, silent workers, copies and ' +
        'bytes by location, replica lag.',
    )
    .addOption(new Option('--only <groups...>', 'only these figures').choices(metricGroups))
    .action(async ({ only, ...output }: Options) => {
      const families = await connected(async (dataSource) => {
        await assertSchema(dataSource);
        return readMetrics(dataSource, { only });
      });
      print(families, output, openMetricsText);
    });
}
