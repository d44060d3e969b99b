import type { Command } from 'commander';
import { explainSettings, type SettingsSource } from '../../settings/index.js';
import { visible } from '../../visible.js';
import { OpsDbCommand, type Output, print } from './command.js';
import { table } from './table.js';

/**
 * The command that prints every effective setting with its origin, secrets masked. Warnings go to stderr.
 *
 * @param source where settings are read from; the folder and the environment of the process where left out
 */
export function settingsCommand(source: SettingsSource = {}): Command {
  return new OpsDbCommand('settings', {
    'opsdb settings': 'every setting with its origin',
    'ENV_FOR_DYNACONF=production opsdb settings': 'the same in production',
  })
    .description('Print every effective setting and where it comes from; secrets are masked.')
    .action((output: Output) => {
      const warn = (message: string) => process.stderr.write(`warning: ${visible(message)}\n`);
      const settings = explainSettings({ ...source, warn });
      const rows = settings.map(({ key, value, origin }) => [key, String(value ?? ''), origin]);
      print(settings, output, () => table(['setting', 'value', 'origin'], rows));
    });
}
