#!/usr/bin/env node
// Node 22 and later keep what they have compiled of the command, so that it starts faster the next time.
require('node:module').enableCompileCache?.();
require('../dist/opsdb.js');
