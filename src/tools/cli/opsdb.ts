#!/usr/bin/env node
import { reportFailure } from './failure.js';
import { createProgram } from './program.js';

// A reader such as `head` closes the pipe when it has enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 2));

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportFailure(error, process.argv.includes('--json'));
  });
