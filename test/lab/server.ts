import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LabAddress, packResult, unpackJob } from './messages';
import type { Lab } from './types';

export interface LabServer {
  address: LabAddress;
  close(): Promise<void>;
}

/**
 * Lets other processes run jobs in a lab over a unix socket. A connection has one line with a job,
 * and one reply.
 */
export async function serveLab(lab: Lab): Promise<LabServer> {
  const directory = mkdtempSync(join(tmpdir(), 'ipvsadm-lab-server-'));
  const socket = join(directory, 'socket');
  const server = createServer((connection) => void answer(lab, connection));
  server.listen(socket);
  await once(server, 'listening');
  return {
    address: { socket, backend: lab.backend, kernel: lab.kernel, folder: lab.folder },
    async close() {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answer(lab: Lab, connection: Socket): Promise<void> {
  connection.on('error', () => undefined); // the client has ended
  try {
    const [message] = await once(createInterface(connection), 'line');
    connection.end(packResult(await lab.run(unpackJob(message))));
  } catch (error) {
    connection.end(packResult(error as Error));
  }
}
