// See index.js.
module.exports = { ...require('../dist/src/tools/report/index.js') };
