import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { packageRoot } from '../../package-root.js';
import { checkCommand } from './check.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { grantReadCommand } from './grant-read.js';
import { initCommand } from './init.js';
import { loadCommand } from './load.js';
import { migrateCommand } from './migrate.js';
import { nightCommand } from './night.js';
import { reportCommand } from './report.js';
import { currentCommand, stampCommand } from './revision.js';
import { schemaCommand } from './schema.js';
import { settingsCommand } from './settings.js';
import { simulateCommand } from './simulate.js';
import { statusCommand } from './status.js';

/** The program `opsdb` with all its commands. A fault in what was typed is thrown, as a CommanderError. */
export function createProgram(): Command {
  const program = new Command('opsdb')
    .description('Works with the operations database of the CCAT Observatory.')
    .version(versionOfPackage())
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  const commands = [
    initCommand(),
    loadCommand(),
    exportCommand(),
    migrateCommand(),
    currentCommand(),
    stampCommand(),
    statusCommand(),
    checkCommand(),
    simulateCommand(),
    nightCommand(),
    reportCommand(),
    schemaCommand(),
    settingsCommand(),
    doctorCommand(),
    grantReadCommand(),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

function versionOfPackage(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}
