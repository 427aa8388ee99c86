import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type LabAddress, packJob, unpackResult } from './messages';
import type { Job, JobResult, Lab } from './types';
import { variablesUnderTest } from './under-test';

/**
 * The environment variable by which global-setup.ts passes the labs' addresses to the test processes.
 */
export const addressVariable = 'IPVSADM_LAB_SERVER';

/** Returns the lab of this worker of Jest. Its `close` does nothing: global-teardown.ts closes the labs. */
export function connectLab(): Lab {
  const value = process.env[addressVariable];
  if (value === undefined) throw new Error(`no lab: Jest's globalSetup must be ${__dirname}/global-setup.ts`);
  const addresses = JSON.parse(value) as LabAddress[];
  const worker = Number(process.env.JEST_WORKER_ID ?? 1); // from 1
  const { socket, backend, kernel, folder } = addresses[(worker - 1) % addresses.length]!;
  // All Jest projects share the labs, but each has its own program under test.
  const run = (job: Job) => runRemotely(socket, { ...job, env: { ...variablesUnderTest(), ...job.env } });
  return { backend, kernel, folder, run, close: async () => undefined };
}

async function runRemotely(socket: string, job: Job): Promise<JobResult> {
  const connection = connect(socket);
  connection.write(`${packJob(job)}\n`);
  return unpackResult(await text(connection));
}
