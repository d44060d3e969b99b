import { Option } from 'commander';
import { ArchiveMode } from '../../seed/index.js';
import { loadSettings } from '../../settings/index.js';

/** The option that decides which sites, locations and routes are active. */
export function archiveModeOption(): Option {
  return new Option(
    '--data-archive-mode <mode>',
    'which sites, locations and routes are active (default: production where the environment begins with prod, else development)',
  ).choices(Object.values(ArchiveMode));
}

/** The mode that was asked for, or the one of the environment. */
export function archiveMode(asked: ArchiveMode | undefined): ArchiveMode {
  const isProduction = loadSettings().environment.some((environment) => environment.startsWith('prod'));
  return asked ?? (isProduction ? ArchiveMode.PRODUCTION : ArchiveMode.DEVELOPMENT);
}
