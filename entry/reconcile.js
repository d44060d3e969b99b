// See index.js.
module.exports = { ...require('../dist/src/tools/reconcile/index.js') };
