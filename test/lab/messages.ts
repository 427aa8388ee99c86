import type { Job, JobResult, Lab } from './types';

/** The information that a process needs to use the lab of another process. */
export interface LabAddress extends Pick<Lab, 'backend' | 'kernel' | 'folder'> {
  socket: string;
}

// Scripts and output are bytes, which JSON cannot represent, so they are encoded in base64.

export function packJob(job: Job): string {
  const script = Buffer.from(job.script).toString('base64');
  const stdin = Buffer.from(job.stdin ?? '').toString('base64');
  return JSON.stringify({ ...job, script, stdin });
}

export function unpackJob(message: string): Job {
  const job = JSON.parse(message) as Job & { script: string; stdin: string };
  return { ...job, script: Buffer.from(job.script, 'base64'), stdin: Buffer.from(job.stdin, 'base64') };
}

export function packResult(result: JobResult | Error): string {
  if (result instanceof Error) return JSON.stringify({ error: result.message });
  const { stdout, stderr, status } = result;
  return JSON.stringify({ stdout: stdout.toString('base64'), stderr: stderr.toString('base64'), status });
}

/** Unpacks a result. @throws the error that the job failed with. */
export function unpackResult(message: string): JobResult {
  if (message === '') throw new Error('the lab has ended');
  const { error, stdout, stderr, status } = JSON.parse(message);
  if (error !== undefined) throw new Error(error);
  return { stdout: Buffer.from(stdout, 'base64'), stderr: Buffer.from(stderr, 'base64'), status };
}
