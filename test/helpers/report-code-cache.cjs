// Loaded before the program (node -r): reports on stderr for each bundle whether V8 accepted its
// code cache.
const vm = require('node:vm');
const { basename } = require('node:path');

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const accepted = options.cachedData ? !this.cachedDataRejected : false;
    process.stderr.write(`${basename(options.filename)}: ${accepted ? 'from its cache' : 'compiled'}\n`);
  }
};
