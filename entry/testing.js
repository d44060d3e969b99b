// See index.js.
module.exports = { ...require('../dist/src/tools/testing/index.js') };
