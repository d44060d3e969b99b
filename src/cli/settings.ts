import { Command } from 'commander';
import { explainSettings, type SettingsSource } from '../settings/index.js';
import { table } from './table.js';

/**
 * The command that prints every effective setting with its origin, secrets masked. Warnings go to stderr.
 *
 * @param source where settings are read from; the folder and the environment of the process where left out
 */
export function settingsCommand(source: SettingsSource = {}): Command {
  return new Command('settings')
    .description('Print every effective setting and where it comes from; secrets are masked.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const warn = (message: string) => process.stderr.write(`warning: ${message}\n`);
      const settings = explainSettings({ ...source, warn });
      const rows = settings.map(({ key, value, origin }) => [key, String(value ?? ''), origin]);
      const text = json
        ? JSON.stringify(settings, undefined, 2)
        : table(['setting', 'value', 'origin'], rows);
      process.stdout.write(`${text}\n`);
    });
}
