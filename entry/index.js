// Plain properties, which a test can spy on; those of the compiled module cannot be redefined.
module.exports = { ...require('../dist/src/index.js') };
