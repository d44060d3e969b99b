import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OpsDbError } from '../../errors.js';
import { reportPage } from '../report/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { latestNight, night } from './night-name.js';

interface Options extends Output {
  readonly html: string;
  readonly from?: string;
  readonly to?: string;
}

/** `opsdb report`: a page about some nights. */
export function reportCommand(): Command {
  return new DatabaseCommand('report', {
    'opsdb report --html night.html': 'the latest night',
    'opsdb report --html run.html --from 2026-11-23 --to 2026-12-02': 'ten nights',
  })
    .description('Write a self-contained page about some nights: timeline, stages, bytes by site, sky.')
    .requiredOption('--html <file>', 'the file to write')
    .option('--from <night>', 'the first night (default: the latest that was observed)', night)
    .option('--to <night>', 'the last night (default: the first)', night)
    .action(async ({ html, from, to, ...output }: Options) => {
      const page = await ofOneMoment(async (manager) => {
        const first = from ?? (await latestNight(manager));
        if (to && to < first)
          throw new OpsDbError(
            'argument_invalid',
            `--to is ${to}; it must not be before the first night, ${first}`,
          );
        return reportPage(manager, first, to);
      });
      write(html, page);
      print({ html }, output, () => `Wrote ${html}.`);
    });
}

function write(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (cause) {
    const { message } = cause as Error;
    throw new OpsDbError(
      'file_unusable',
      `--html is ${file}, which cannot be written (${message}): choose another file`,
      { cause },
    );
  }
}
