// See index.js.
module.exports = { ...require('../dist/src/tools/reference/index.js') };
