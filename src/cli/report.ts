import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ExecutedObsUnit } from '../entities/index.js';
import { OpsDbError } from '../errors.js';
import { reportPage } from '../report/index.js';
import { connected } from './connect.js';
import { night } from './night-name.js';

interface Options {
  readonly html: string;
  readonly from?: string;
  readonly to?: string;
}

/** `opsdb report`: a page about some nights. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Write a page about some nights: timeline, stages, bytes by site, sky; complete in itself.')
    .requiredOption('--html <file>', 'the file to write')
    .option('--from <night>', 'the first night (default: the latest that was observed)', night)
    .option('--to <night>', 'the last night (default: the first)', night)
    .action(async ({ html, from, to }: Options) => {
      const page = await connected(async ({ manager }) => {
        const latest = await manager.findOne(ExecutedObsUnit, {
          where: {},
          order: { observingNight: 'DESC' },
        });
        const first = from ?? latest?.observingNight;
        if (first) return reportPage(manager, first, to);
        throw new OpsDbError(
          'filing_unknown',
          'nothing was ever observed, so that there is nothing to report',
        );
      });
      writeFileSync(html, page);
      console.log(`Wrote ${html}.`);
    });
}
