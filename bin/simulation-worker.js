// A worker process of a simulation; `simulate` starts it.
require('../dist/src/tools/simulate/worker-process.js');
