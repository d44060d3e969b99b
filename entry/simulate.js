// See index.js.
module.exports = { ...require('../dist/src/tools/simulate/index.js') };
