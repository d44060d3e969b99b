import type { Command } from 'commander';

/** Runs a bench that finds faults: it prints them and exits with 1, and with 2 where the bench itself is wrong. */
export function faultsAsExitCode<O>(
  program: Command,
  main: (options: O) => Promise<readonly string[]>,
): void {
  program
    .action(async (options: O) => {
      const faults = await main(options);
      for (const fault of faults) console.error(fault);
      process.exitCode = faults.length > 0 ? 1 : 0;
    })
    .parseAsync()
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 2;
    });
}
