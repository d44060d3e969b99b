// See index.js.
module.exports = { ...require('../dist/src/seed/index.js') };
