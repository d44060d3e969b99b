#!/usr/bin/env node
// Starts the program with the code that was compiled when the package was built. Another version of Node than the one
// that built it refuses that code, and compiles the text.
const { existsSync, readFileSync } = require('node:fs');
const { Script, constants } = require('node:vm');

const PROGRAM = `${__dirname}/opsdb.program.js`;
const COMPILED = `${__dirname}/opsdb.program.bin`;

const script = new Script(readFileSync(PROGRAM, 'latin1'), {
  // Not its path, which would stand in the compiled code.
  filename: 'opsdb.program.js',
  cachedData: existsSync(COMPILED) ? readFileSync(COMPILED) : undefined,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
module.exports = script;
script.runInThisContext()({}, require, module, PROGRAM, __dirname);
