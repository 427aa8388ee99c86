/** The program on Node: ipvsadm's own spelling goes to `main`, words to the oclif tree, loaded then. */
import { main } from './main';
import { nodeSystem } from './node-system';
import { isWordCommand } from './words';

const args = process.argv.slice(2);
const done: Promise<number> = isWordCommand(args)
  ? (require('./commands.js') as typeof import('./commands')).runWords(args)
  : main(nodeSystem(args));
done.then((status) => {
  process.exitCode = status;
});
