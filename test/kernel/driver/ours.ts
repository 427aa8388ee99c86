import { spawnSync } from 'node:child_process';
import { toBytes, toText } from '../../../src/bytes/byte-text';
import { nodeSystem } from '../../../src/engines/node/system';
import { openNodeTransport } from '../../../src/engines/node/transport';
import type { Transport } from '../../../src/netlink/transport';
import { main } from '../../../src/program/classic';
import { injecting } from '../../helpers/inject';
import { type CommandLine, INJECTING, type Outcome } from './protocol';
import { openShell } from './shell';

/** Our program on the real kernel. */
export interface Ours {
  run(line: CommandLine): Promise<Outcome>;
  close(): void;
}

/** The program under test (test/lab/under-test.ts). */
export function openOurs(): Ours {
  return process.env.IPVSADM_UNDER_TEST === 'node' ? { run: runHere, close() {} } : openNative();
}

/** The native program as a process, started by a shell, which is faster at this than Node. */
function openNative(): Ours {
  const shell = openShell('/tmp/ours');
  return {
    async run(line) {
      if (line.programName !== undefined) return runNamed(line, line.programName);
      if (line.inject === undefined) return shell.run(line);
      const env = { ...line.env, IPVSADM_INJECT: line.inject };
      return shell.run({ ...line, env }, `"$${INJECTING}"`);
    },
    close: shell.close,
  };
}

/** The native program, called by another name. */
function runNamed(line: CommandLine, argv0: string): Outcome {
  const { stdout, stderr, status } = spawnSync(process.env.IPVSADM_OURS!, line.args, {
    argv0,
    input: line.stdin ?? '',
    env: { ...process.env, ...line.env },
    encoding: 'latin1',
  });
  return { stdout, stderr, status: status ?? Number.NaN };
}

/** The program on Node, run within this process. */
async function runHere(line: CommandLine): Promise<Outcome> {
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
