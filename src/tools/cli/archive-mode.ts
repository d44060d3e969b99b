import { Option } from 'commander';
import { ArchiveMode } from '../../seed/index.js';
import { isForRehearsal } from '../../settings/index.js';
import { commandSettings } from './connection.js';

/** The option that decides which sites, locations and routes are active. */
export function archiveModeOption(): Option {
  return new Option(
    '--data-archive-mode <mode>',
    'which sites, locations and routes are active (default: development where the environment is known to be for development or staging, else production)',
  ).choices(Object.values(ArchiveMode));
}

/** The requested mode, or that of the environment. */
export function archiveMode(asked: ArchiveMode | undefined): ArchiveMode {
  const { environment } = commandSettings();
  return asked ?? (isForRehearsal(environment) ? ArchiveMode.DEVELOPMENT : ArchiveMode.PRODUCTION);
}
