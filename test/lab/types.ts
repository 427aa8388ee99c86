/** The ways to get a kernel, in the order in which they are tried. */
export const backendNames = ['host', 'uml', 'qemu'] as const;

export type BackendName = (typeof backendNames)[number];

/** One sh script to be run in network, mount and process namespaces of its own. */
export interface Job {
  script: string | Buffer;
  stdin?: string | Buffer;
  /** The text of /etc/hosts, if the usual two lines will not do. */
  hosts?: string;
  /** Variables beside the fixed ones (PATH, HOME, IPVSADM_C, IPVSADM_NODE and those of under-test.ts). */
  env?: Record<string, string>;
  /** Default 60; an emulated guest gets ten times as long. */
  timeoutSeconds?: number;
}

export interface JobResult {
  stdout: Buffer;
  stderr: Buffer;
  /** The script's exit status as sh tells it: 128 + n after signal n. */
  status: number;
}

/** A kernel that runs jobs. Jobs may be given to it at the same time. */
export interface Lab {
  readonly backend: BackendName;
  /** Its release, as `uname -r` prints it. */
  readonly kernel: string;
  run(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** Default: the environment's IPVSADM_LAB, else the first that works. */
  backend?: BackendName;
  /** 'none' boots without ip_vs and without a way to load it; the host backend cannot do that. */
  modules?: 'all' | 'none';
  /** The guest's memory in MiB. */
  memory?: number;
}
