import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../src/package-root.js';
import { createProgram } from '../../src/tools/cli/program.js';

const FOLDER = path.join(packageRoot(), 'dist', 'src', 'tools', 'cli');

/** `opsdb` with every command that has a file in the folder of the commands. */
export function wholeProgram(): Command {
  const modules = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.js') && file !== 'opsdb.js')
    .map((file): Record<string, () => Command> => require(path.join(FOLDER, file)));
  const makers = modules
    .flatMap((module) => Object.entries(module))
    .filter(([name]) => /^[a-z]\w*Command$/.test(name));
  return createProgram(makers.map(([, make]) => make()));
}
