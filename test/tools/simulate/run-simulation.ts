/** A process that simulates and says how far it is; run by a test, which kills it. */
import type { InitOptions } from '../../../src/database/connection-settings.js';
import { type SimulationOptions, simulate } from '../../../src/tools/simulate/index.js';

process.on('message', ({ connection, options }: { connection: InitOptions; options: SimulationOptions }) => {
  const tell = (message: string) => process.send?.(message);
  simulate(connection, { ...options, onProgress: ({ done }) => tell(`part ${done}`) })
    .then(() => tell('end'))
    .catch((error: unknown) => tell(`failed: ${error}`));
});
process.on('disconnect', () => process.exit());
