// Writes dist/opsdb.program.bin: what V8 has compiled of the program once the commands that are used most have run.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

const DIST = join(__dirname, '..', 'dist');
const OPSDB = join(DIST, 'opsdb.js');
const COMMANDS = ['init', 'current', 'status', 'check'];

const folder = mkdtempSync(join(DIST, 'compile-'));
process.env.CCAT_OPS_DB_DATABASE_TYPE = 'sqlite';
process.env.CCAT_OPS_DB_DATABASE_SQLITE_DATABASE = join(folder, 'opsdb.sqlite');

// V8 would forget what has not run for a while.
setFlagsFromString('--no-flush-bytecode');

let script;
process.on('beforeExit', () => {
  const command = COMMANDS.shift();
  if (command === undefined) return;
  process.argv = [process.execPath, OPSDB, command];
  if (script) script.runInThisContext()({}, require, module, OPSDB, DIST);
  else script = require(OPSDB);
});

process.on('exit', () => {
  rmSync(folder, { recursive: true });
  // V8 refuses what was compiled with other flags.
  setFlagsFromString('--flush-bytecode');
  writeFileSync(join(DIST, 'opsdb.program.bin'), script.createCachedData());
});
