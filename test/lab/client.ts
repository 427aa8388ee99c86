import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type LabAddress, packJob, unpackResult } from './messages';
import type { Job, JobResult, Lab } from './types';
import { variablesUnderTest } from './under-test';

/**
 * The environment variable by which global-setup.ts passes the lab's address to the test processes.
 */
export const addressVariable = 'IPVSADM_LAB_SERVER';

/** Returns the lab of the Jest run. Its `close` does nothing: global-teardown.ts closes the lab. */
export function connectLab(): Lab {
  const address = process.env[addressVariable];
  if (address === undefined)
    throw new Error(`no lab: Jest's globalSetup must be ${__dirname}/global-setup.ts`);
  const { socket, backend, kernel } = JSON.parse(address) as LabAddress;
  // All Jest projects share the lab, but each has its own program under test.
  const run = (job: Job) => runRemotely(socket, { ...job, env: { ...variablesUnderTest(), ...job.env } });
  return { backend, kernel, run, close: async () => undefined };
}

async function runRemotely(socket: string, job: Job): Promise<JobResult> {
  const connection = connect(socket);
  connection.write(`${packJob(job)}\n`);
  return unpackResult(await text(connection));
}
