#!/usr/bin/env node
import { reportFailure } from './failure.js';
import { endWhenInterrupted } from './interrupt.js';
import { createProgram, loadCommands } from './program.js';

// A reader such as `head` closes the pipe when it has enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 2));

endWhenInterrupted();
loadCommands(process.argv.slice(2))
  .then((commands) => createProgram(commands).parseAsync())
  .catch((error: unknown) => {
    process.exitCode = reportFailure(error, process.argv.includes('--json'));
  });
