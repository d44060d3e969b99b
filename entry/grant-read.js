// See index.js.
module.exports = { ...require('../dist/src/tools/grant-read/index.js') };
