require('./sources.cjs');
module.exports = require('../global-setup.ts').default;
