// See index.js.
module.exports = { ...require('../dist/src/tools/planning-files/index.js') };
