#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { OpsDbError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { checkCommand } from './check.js';
import { initCommand } from './init.js';
import { migrateCommand } from './migrate.js';
import { nightCommand } from './night.js';
import { reportCommand } from './report.js';
import { currentCommand, stampCommand } from './revision.js';
import { settingsCommand } from './settings.js';
import { simulateCommand } from './simulate.js';
import { statusCommand } from './status.js';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

new Command('opsdb')
  .description('Works with the operations database of the CCAT Observatory.')
  .version(version)
  .addCommand(initCommand())
  .addCommand(migrateCommand())
  .addCommand(currentCommand())
  .addCommand(stampCommand())
  .addCommand(statusCommand())
  .addCommand(checkCommand())
  .addCommand(simulateCommand())
  .addCommand(nightCommand())
  .addCommand(reportCommand())
  .addCommand(settingsCommand())
  .showHelpAfterError()
  .parseAsync()
  .catch((error: unknown) => {
    const isUsersMistake = error instanceof OpsDbError;
    console.error(isUsersMistake ? `opsdb: ${error.message}` : error);
    process.exitCode = isUsersMistake ? 1 : 2;
  });
