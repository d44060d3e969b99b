// Kills a simulation at random moments, takes it up again each time, lets it end, and checks the database:
//   npm run simulate:kill -- --kills 10 --nights 30 --rate 80 --seed 42 --faults transfer=0.05,checksum=0.01
// All other options are those of `opsdb simulate`. The database is that of the settings, with the starting state.
const { spawn, spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { parseArgs } = require('node:util');

const OPSDB = join(__dirname, '..', 'dist', 'src', 'tools', 'cli', 'opsdb.js');
/** It is killed after a random number of progress lines below the first, and a random pause up to the second [ms]. */
const [TOLD, PAUSE_MS] = [8, 3000];
const string = { type: 'string' };
const { values } = parseArgs({
  options: {
    kills: { ...string, default: '10' },
    nights: string,
    start: string,
    rate: string,
    seed: string,
    faults: string,
    workers: string,
  },
});
const { kills, ...simulation } = values;
const simulate = ['simulate', ...Object.entries(simulation).flatMap(([name, value]) => [`--${name}`, value])];

main().catch((error) => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});

async function main() {
  for (let kill = 1; kill <= Number(kills); kill++) console.log(`kill ${kill}: ${await killOnce()}`);
  for (const args of [simulate, ['check', '--settled']]) {
    const { status } = spawnSync(process.execPath, [OPSDB, ...args], {
      stdio: ['ignore', 'inherit', 'ignore'],
    });
    if (status !== 0) throw new Error(`opsdb ${args[0]} has exited with ${status}`);
  }
}

/**
 * Starts or continues the simulation and kills it at a random moment: a while after a random number of progress lines,
 * so that the place differs on fast and slow machines.
 */
async function killOnce() {
  const child = spawn(process.execPath, [OPSDB, ...simulate], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const after = Math.floor(Math.random() * TOLD);
  const told = [];
  const kill = () => setTimeout(() => child.kill('SIGKILL'), Math.random() * PAUSE_MS);
  if (after === 0) kill();
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    told.push(line);
    if (told.length === after) kill();
  });
  const end = await ended;
  if (end !== 'SIGKILL')
    throw new Error(
      `the simulation ended by itself (${end}) before it was killed: simulate more nights\n${told.join('\n')}`,
    );
  return told.at(-1) ?? 'at its start';
}
