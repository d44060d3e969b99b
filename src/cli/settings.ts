import Table from 'cli-table3';
import { Command } from 'commander';
import { type ExplainedSetting, explainSettings, type SettingsSource } from '../settings/index.js';

/** Columns that only blanks keep apart. */
const NO_BORDERS = {
  ...{
    top: '',
    'top-left': '',
    'top-mid': '',
    'top-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
  },
  ...{
    'right-mid': '',
    right: '',
    bottom: '',
    'bottom-left': '',
    'bottom-mid': '',
    'bottom-right': '',
    middle: '',
  },
};

/**
 * The command that prints every effective setting with its origin, secrets masked. Warnings go to stderr.
 *
 * @param source where settings are read from; the folder and the environment of the process where left out
 */
export function settingsCommand(source: SettingsSource = {}): Command {
  return new Command('settings')
    .description('print every effective setting and where it comes from; secrets are masked')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const warn = (message: string) => process.stderr.write(`warning: ${message}\n`);
      const settings = explainSettings({ ...source, warn });
      process.stdout.write(`${json ? JSON.stringify(settings, undefined, 2) : asTable(settings)}\n`);
    });
}

function asTable(settings: readonly ExplainedSetting[]): string {
  const table = new Table({
    head: ['setting', 'value', 'origin'],
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  table.push(...settings.map(({ key, value, origin }) => [key, value ?? '', origin]));
  return table.toString();
}
