// Loaded before the program (node -r): says on standard error of each bundle whether V8 took its code cache.
const vm = require('node:vm');
const { basename } = require('node:path');

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const taken = options.cachedData ? !this.cachedDataRejected : false;
    process.stderr.write(`${basename(options.filename)}: ${taken ? 'from its cache' : 'compiled'}\n`);
  }
};
