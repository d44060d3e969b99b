#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { OpsDbError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { seedCommand } from './seed.js';
import { settingsCommand } from './settings.js';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

new Command('opsdb')
  .description('Works with the operations database of the CCAT Observatory.')
  .version(version)
  .addCommand(seedCommand())
  .addCommand(settingsCommand())
  .showHelpAfterError()
  .parseAsync()
  .catch((error: unknown) => {
    const isUsersMistake = error instanceof OpsDbError;
    console.error(isUsersMistake ? `opsdb: ${error.message}` : error);
    process.exitCode = isUsersMistake ? 1 : 2;
  });
