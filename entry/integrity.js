// See index.js.
module.exports = { ...require('../dist/src/tools/integrity/index.js') };
