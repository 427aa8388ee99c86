/** ipvsadm-save and ipvsadm-restore: what the scripts in bin/ do, in one process. */
import { toBytes, toText } from '../../bytes/byte-text';
import type { System } from '../../platform/system';
import { main } from '../../program/classic';

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const wrappers: Readonly<Record<string, (system: System) => Promise<number>>> = {
  'ipvsadm-save': save,
  'ipvsadm-restore': restore,
};

async function save(system: System): Promise<number> {
  let numeric: string[] = [];
  for (const argument of system.args) {
    if (argument === '-n') numeric = ['-n'];
    else if (argument.startsWith('-')) {
      const name = nameOf(system.programName);
      const usage = `${name}: Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n`;
      system.write('stderr', toBytes(usage));
      return 1;
    }
  }
  return await main(ipvsadm(system, ['-S', ...numeric]));
}

/** Reads all rules before it deletes anything. Lines that begin with # are comments. */
async function restore(system: System): Promise<number> {
  const rules = readRulesFile(system);
  await main(ipvsadm(system, ['-C']));
  return await main(ipvsadm(system, ['-R'], rules.values()));
}

function ipvsadm(system: System, args: string[], input?: Iterator<Uint8Array>): System {
  const readInput = () => input?.next().value ?? new Uint8Array(0);
  return { ...system, programName: 'ipvsadm', args, ...(input && { readInput }) };
}

/** Standard input without comments, in blocks of complete lines. */
function readRulesFile(system: System): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let unfinished = '';
  for (let block = system.readInput(); block.length > 0; block = system.readInput()) {
    const text = unfinished + toText(block);
    const end = text.lastIndexOf('\n') + 1;
    unfinished = text.slice(end);
    if (end > 0) blocks.push(toBytes(withoutComments(text.slice(0, end))));
  }
  if (unfinished) blocks.push(toBytes(withoutComments(unfinished)));
  return blocks.filter((block) => block.length > 0);
}

function withoutComments(lines: string): string {
  return lines.replace(/^#.*\n?/gm, '');
}
