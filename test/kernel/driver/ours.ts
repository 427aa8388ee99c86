import { toBytes, toText } from '../../../src/byte-text';
import { nodeSystem } from '../../../src/engines/node/system';
import { openNodeTransport } from '../../../src/engines/node/transport';
import { main } from '../../../src/main';
import type { Transport } from '../../../src/netlink/transport';
import { injecting } from '../../helpers/inject';
import type { CommandLine, Outcome } from './protocol';

/** Our program on the real kernel, inside this process: what a process of its own would print. */
export async function runOurs(line: CommandLine): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const opened: Transport[] = [];
  let input = line.stdin ?? '';
  const status = await main({
    ...nodeSystem([]),
    args: line.args,
    programName: line.programName ?? 'ipvsadm',
    environment: (name) => line.env?.[name],
    openTransport: () => {
      const socket = openNodeTransport();
      opened.push(socket);
      return line.inject ? injecting(socket, line.inject) : socket;
    },
    loadModule: () => {
      written.stderr += 'modprobe: FATAL: Module ip_vs not found in directory /lib/modules/KERNEL\n';
    },
    write: (stream, bytes) => {
      written[stream] += toText(bytes);
    },
    stdoutIsTerminal: () => false,
    readInput: () => {
      const block = toBytes(input);
      input = '';
      return block;
    },
  });
  for (const socket of opened) socket.close();
  return { ...written, status };
}
