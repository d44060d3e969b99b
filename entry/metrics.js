// See index.js.
module.exports = { ...require('../dist/src/tools/metrics/index.js') };
