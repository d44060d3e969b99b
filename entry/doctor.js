// See index.js.
module.exports = { ...require('../dist/src/tools/doctor/index.js') };
