import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type LabAddress, packJob, unpackResult } from './messages';
import type { Job, JobResult, Lab } from './types';
import { variablesUnderTest } from './under-test';

/** The variable in which global-setup.ts tells the test processes where the run's lab is. */
export const addressVariable = 'IPVSADM_LAB_SERVER';

/** The lab of the whole Jest run. Closing it does nothing: global-teardown.ts does. */
export function connectLab(): Lab {
  const address = process.env[addressVariable];
  if (address === undefined)
    throw new Error(`no lab: Jest's globalSetup has to be ${__dirname}/global-setup.ts`);
  const { socket, backend, kernel } = JSON.parse(address) as LabAddress;
  // The lab is the whole run's, the program under test each Jest project's own.
  const run = (job: Job) => runRemotely(socket, { ...job, env: { ...variablesUnderTest(), ...job.env } });
  return { backend, kernel, run, close: async () => undefined };
}

async function runRemotely(socket: string, job: Job): Promise<JobResult> {
  const connection = connect(socket);
  connection.write(`${packJob(job)}\n`);
  return unpackResult(await text(connection));
}
