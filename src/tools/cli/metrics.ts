import { type Command, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { isUnavailable } from '../../database/connection-loss.js';
import { assertSchema } from '../../database/prepare-schema.js';
import { createDataSource } from '../../datasource.js';
import { openSpool, type SpoolStatus } from '../../services/spool/index.js';
import type { Settings } from '../../settings/index.js';
import {
  type MetricFamily,
  type MetricGroup,
  type MetricsOptions,
  metricGroups,
  openMetricsText,
  readMetrics,
  spoolMetrics,
} from '../metrics/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { commandSettings } from './connection.js';
import { spoolOfSettings } from './spool-of-settings.js';

interface Options extends Output {
  readonly only?: readonly MetricGroup[];
  readonly spool?: string;
}

/** `opsdb metrics`: metrics of the archive for monitoring. */
export function metricsCommand(): Command {
  return new DatabaseCommand('metrics', {
    'opsdb metrics': 'all metrics in the text format of OpenMetrics, for node exporter or Telegraf',
    'opsdb metrics --only work replica': 'without the copies, which are many and change slowly',
    'opsdb metrics --only spool --spool spool.sqlite':
      'what waits in a spool; needs no database, and works while the link is down',
    'opsdb metrics --json': 'the same for another program',
  })
    .description(
      'Print metrics for monitors: work by class and status, waiting work, retries, silent workers, copies and ' +
        'bytes by location, replica lag.',
    )
    .addOption(new Option('--only <groups...>', 'only these metrics').choices(metricGroups))
    .option('--spool <file>', 'spool to include; by default that of the settings (spool_path)')
    .action(async ({ only, spool: file, ...output }: Options) => {
      const spool = file === undefined ? statusOfSettings() : statusOf(file);
      const isOfSpool = only?.every((group) => group === 'spool');
      print(isOfSpool ? spoolMetrics(spool) : await ofDatabase({ only, spool }), output, openMetricsText);
    });
}

function statusOfSettings(): SpoolStatus | undefined {
  const spool = spoolOfSettings();
  const status = spool?.status();
  spool?.close();
  return status;
}

function statusOf(path: string): SpoolStatus {
  const spool = openSpool({ path, mustExist: true });
  try {
    return spool.status();
  } finally {
    spool.close();
  }
}

function ofDatabase(options: MetricsOptions): Promise<MetricFamily[]> {
  return connected(async (dataSource) => {
    await assertSchema(dataSource);
    const read = await readHandle(commandSettings());
    try {
      return await readMetrics(dataSource, { ...options, read });
    } finally {
      await read?.destroy();
    }
  });
}

/**
 * A replica, however far it is behind.
 * @returns undefined where the settings name none, null where none can be used
 */
async function readHandle(settings: Settings): Promise<DataSource | null | undefined> {
  const { databaseType, postgresql } = settings;
  if (databaseType !== 'postgresql' || postgresql.readHosts.length === 0) return undefined;
  const anyLag = { ...settings, postgresql: { ...postgresql, readMaxLagMs: 0 } };
  try {
    return await createDataSource({ settings: anyLag, role: 'read' }).initialize();
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}
