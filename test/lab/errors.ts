import type { JobResult } from './types';

/** A backend that cannot be used here; the message is the reason. */
export class BackendUnavailable extends Error {
  override name = 'BackendUnavailable';
}

/** A job that took longer than it was allowed to. What it had written by then is in `result`. */
export class JobTimeout extends Error {
  override name = 'JobTimeout';

  constructor(
    seconds: number,
    readonly result: JobResult,
  ) {
    super(`the job was ended after ${seconds} s\n${result.stdout}${result.stderr}`);
  }
}
