import type { JobResult } from './types';

/** A backend cannot be used here; the message has the reason. */
export class BackendUnavailable extends Error {
  override name = 'BackendUnavailable';
}

/** A job exceeded its time limit. `result` has its output so far. */
export class JobTimeout extends Error {
  override name = 'JobTimeout';

  constructor(
    seconds: number,
    readonly result: JobResult,
  ) {
    super(`the job timed out after ${seconds} s\n${result.stdout}${result.stderr}`);
  }
}
