/** The backends, in the order in which they are tried. */
export const backendNames = ['host', 'uml', 'qemu'] as const;

export type BackendName = (typeof backendNames)[number];

/** A script for sh, which runs in new network, mount and PID namespaces. */
export interface Job {
  script: string | Buffer;
  stdin?: string | Buffer;
  /** The text of /etc/hosts. Default: names for localhost. */
  hosts?: string;
  /**
   * Environment variables in addition to PATH, HOME, IPVSADM_C, IPVSADM_NODE and those of
   * under-test.ts.
   */
  env?: Record<string, string>;
  /** Default: 60. Multiplied by ten in an emulated guest. */
  timeoutSeconds?: number;
}

export interface JobResult {
  stdout: Buffer;
  stderr: Buffer;
  /** The exit status of the script, as sh reports it: 128 + n after signal n. */
  status: number;
}

/** A kernel that runs jobs, also concurrently. */
export interface Lab {
  readonly backend: BackendName;
  /** The kernel's release, as `uname -r` prints it. */
  readonly kernel: string;
  /** The directory of this machine that jobs see, and may write to, at /jobs. */
  readonly folder: string;
  run(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** Default: the variable IPVSADM_LAB, or the first backend that works. */
  backend?: BackendName;
  /** 'none' boots without ip_vs, which then cannot be loaded. Not supported by the host backend. */
  modules?: 'all' | 'none';
  /** The guest's memory in MiB. */
  memory?: number;
  /** Further directories of this machine that jobs see. */
  directories?: readonly string[];
}
