// Writes dist/opsdb.program.bin: what V8 has compiled of the program once a command has run.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const DIST = join(__dirname, '..', 'dist');

process.argv = [process.execPath, join(DIST, 'opsdb.js'), 'current'];
process.env.CCAT_OPS_DB_DATABASE_TYPE = 'sqlite';
process.env.CCAT_OPS_DB_DATABASE_SQLITE_DATABASE = ':memory:';

const script = require('../dist/opsdb.js');

process.on('exit', () => writeFileSync(join(DIST, 'opsdb.program.bin'), script.createCachedData()));
