import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { OpsDbError } from '../../errors.js';
import { visibleLine } from '../../visible.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { endsByItself } from './interrupt.js';
import { latestNight, night } from './night-name.js';
import { type Page, pagesOf } from './report-pages.js';
import { seconds } from './seconds.js';

interface Options extends Output {
  readonly html: string;
  readonly from?: string;
  readonly to?: string;
  readonly watch?: number;
}

/** `opsdb report`: a page about some nights. */
export function reportCommand(): Command {
  return new DatabaseCommand('report', {
    'opsdb report --html night.html': 'the latest night',
    'opsdb report --html run.html --from 2026-11-23 --to 2026-12-02': 'ten nights',
    "opsdb report --html 'nights/{night}.html' --from 2026-11-23 --to 2026-12-02":
      'a page for each night, with links to the nights before and after',
    'opsdb report --html tonight.html --watch 60': 'again each minute; Ctrl-C stops',
  })
    .description('Write a self-contained page about some nights: timeline, stages, bytes by site, sky.')
    .requiredOption('--html <file>', 'the file to write; with {night} in its name one for each night')
    .option('--from <night>', 'the first night (default: the latest that was observed)', night)
    .option('--to <night>', 'the last night (default: the first)', night)
    .option('--watch <seconds>', 'write the page again after this time, and let browsers show it', seconds)
    .action(report);
}

async function report(options: Options): Promise<void> {
  const { watch } = options;
  const html = (await writeReport(options)).join(', ');
  if (watch === undefined) return print({ html }, options, () => `Wrote ${html}.`);
  const stop = endsByItself();
  print({ html }, options, () => `Wrote ${html}, and again every ${watch} s until Ctrl-C.`);
  while (await elapses(watch, stop.signal)) await writeReport(options).catch(leavePage);
}

/** A server that cannot be reached for a while does not end what looks at it. */
function leavePage(error: unknown): void {
  if (!(error instanceof OpsDbError)) throw error;
  process.stderr.write(`opsdb: the page stays as it is: ${visibleLine(error.message)}\n`);
}

/** Waits. @returns whether the time has passed, not the signal */
function elapses(seconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(seconds * 1000, true, { signal }).catch(() => false);
}

/** @returns the files that were written */
async function writeReport({ html, from, to, watch }: Options): Promise<string[]> {
  const pages = await ofOneMoment(async (manager) => {
    const first = from ?? (await latestNight(manager));
    if (to && to < first)
      throw new OpsDbError(
        'argument_invalid',
        `--to is ${to}; it must not be before the first night, ${first}`,
      );
    return pagesOf(manager, html, [first, to ?? first], watch);
  });
  pages.forEach(write);
  return pages.map(([file]) => file);
}

function write([file, page]: Page): void {
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
