import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { packageRoot } from '../../package-root.js';

/** Every command by its name. A module is loaded when its command is typed, or the help of all. */
export const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init.js')).initCommand(),
  load: async () => (await import('./load.js')).loadCommand(),
  export: async () => (await import('./export.js')).exportCommand(),
  migrate: async () => (await import('./migrate.js')).migrateCommand(),
  current: async () => (await import('./revision.js')).currentCommand(),
  stamp: async () => (await import('./revision.js')).stampCommand(),
  status: async () => (await import('./status.js')).statusCommand(),
  check: async () => (await import('./check.js')).checkCommand(),
  spool: async () => (await import('./spool.js')).spoolCommand(),
  reconcile: async () => (await import('./reconcile.js')).reconcileCommand(),
  retry: async () => (await import('./retry.js')).retryCommand(),
  simulate: async () => (await import('./simulate.js')).simulateCommand(),
  unit: async () => (await import('./unit.js')).unitCommand(),
  find: async () => (await import('./find.js')).findCommand(),
  hours: async () => (await import('./hours.js')).hoursCommand(),
  visibility: async () => (await import('./visibility.js')).visibilityCommand(),
  night: async () => (await import('./night.js')).nightCommand(),
  watch: async () => (await import('./watch.js')).watchCommand(),
  metrics: async () => (await import('./metrics.js')).metricsCommand(),
  report: async () => (await import('./report.js')).reportCommand(),
  serve: async () => (await import('./serve.js')).serveCommand(),
  schema: async () => (await import('./schema.js')).schemaCommand(),
  settings: async () => (await import('./settings.js')).settingsCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  'grant-read': async () => (await import('./grant-read.js')).grantReadCommand(),
  completion: async () => (await import('./completion.js')).completionCommand(),
};

/** Loads the commands that a command line needs: one, or all for help, completion or an unknown word. */
export async function loadCommands([name = '']: readonly string[]): Promise<Command[]> {
  const load = name === 'completion' ? undefined : loaders[name];
  return load ? [await load()] : Promise.all(Object.values(loaders).map((each) => each()));
}

/** The program `opsdb` with these commands. Wrong usage is thrown, as a CommanderError. */
export function createProgram(commands: readonly Command[]): Command {
  const program = new Command('opsdb')
    .description('Works with the operations database of the CCAT Observatory.')
    .version(versionOfPackage())
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

function versionOfPackage(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}
