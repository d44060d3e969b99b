// Kills a simulation at random moments, takes it up again each time, lets it end, and checks the database:
//   npm run simulate:kill -- --kills 10 --nights 30 --rate 80 --seed 42 --faults transfer=0.05,checksum=0.01
// All other options are those of `opsdb simulate`. The database is that of the settings, with the starting state.
const { spawn, spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');

const OPSDB = join(__dirname, '..', 'dist', 'src', 'cli', 'opsdb.js');
const string = { type: 'string' };
const { values } = parseArgs({
  options: {
    kills: { ...string, default: '10' },
    'within-s': { ...string, default: '10' },
    ...{ nights: string, start: string, rate: string, seed: string, faults: string, workers: string },
  },
});
const { kills, 'within-s': withinS, ...simulation } = values;
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

/** Starts or takes up the simulation and kills it at a random moment; says when, and how far it had come. */
async function killOnce() {
  const child = spawn(process.execPath, [OPSDB, ...simulate], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const seconds = Math.random() * Number(withinS);
  await sleep(seconds * 1000);
  child.kill('SIGKILL');
  const end = await ended;
  if (end !== 'SIGKILL')
    throw new Error(
      `the simulation ended by itself (${end}) before it was killed: simulate more nights\n${told}`,
    );
  return `after ${seconds.toFixed(1)} s, at ${told.trim().split('\n').at(-1) || 'its start'}`;
}
