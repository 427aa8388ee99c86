/** The shell script that measures one workload in the guest, and the parser of its output. */
import { type ProgramName, programOf } from './programs';
import { CHANGED_WEIGHT, keepalivedConf, rules } from './tables';
import type { Workload } from './workloads';

/** busybox's time reports four times the memory, because it takes kilobytes for pages. */
const BUSYBOX_PAGE = 4;

/** One run of one program. */
export interface Sample {
  readonly program: ProgramName;
  readonly seconds: number;
  /** Peak resident memory in MB, measured in a separate run. */
  readonly memory: number;
}

/**
 * Returns a bash script (whose $EPOCHREALTIME needs no process) that runs the programs in turn.
 * Each run has a new network namespace, and the table is loaded before the clock starts, when the
 * processor is idle. Memory is measured in a separate run.
 */
export function scriptOf(workload: Workload): string {
  const loading = [
    workload.table ? `"$IPVSADM_NODE" -R </tmp/table` : ':',
    workload.connections ? 'mount --bind /tmp/proc /proc' : ':',
  ].join('\n');
  const input = workload.input ? '/tmp/input' : '/dev/null';
  const inNamespace = (name: ProgramName, lines: readonly string[]) => {
    const { before } = programOf(name);
    const script = ['ip link set lo up', before ? before(workload) : loading, ...lines];
    return `unshare -nm bash -c ${quoted(script.join('\n'))}`;
  };
  const once = (name: ProgramName) => {
    const { command, after = ':' } = programOf(name);
    return `settle\n${inNamespace(name, [
      'start=$EPOCHREALTIME',
      `{ ${command(workload)}; } <${input} >/tmp/output 2>&1`,
      'end=$EPOCHREALTIME',
      after,
      `echo time ${name} $start $end`,
    ])}`;
  };
  const memory = (name: ProgramName) => {
    const { command, after = ':', memory: peak } = programOf(name);
    if (peak === undefined) {
      return inNamespace(name, [
        `busybox time -v bash -c ${quoted(command(workload))} <${input} 2>&1 >/tmp/output | sed -n 's/.*Maximum resident set size (kbytes): /memory ${name} ${BUSYBOX_PAGE} /p'`,
      ]);
    }
    const print = `echo memory ${name} 1 $(${peak})`;
    return inNamespace(name, [`{ ${command(workload)}; } <${input} >/tmp/output 2>&1`, print, after]);
  };
  const { keepalived } = workload;
  return [
    fileOf('/tmp/table', workload.table ? rules(workload.table) : ''),
    fileOf('/tmp/input', workload.input ? rules(workload.input) : ''),
    fileOf('/tmp/keepalived.conf', keepalived ? keepalivedConf(keepalived, workload.checked) : ''),
    workload.wanted ? wantedFile : ':',
    workload.connections ? connectionsFile(workload.connections) : ':',
    settle,
    ...workload.programs.map(memory),
    `for run in $(seq ${workload.runs}); do\n${workload.programs.map(once).join('\n')}\ndone`,
  ].join('\n');
}

/**
 * Waits until the processor is idle: the kernel still takes down the namespace of the run before,
 * with its table, when that run has ended.
 */
const settle = `settle() {
  for try in $(seq 50); do
    read -r _ user nice system idle _ </proc/stat
    busy=$((user + nice + system)) before=$idle
    sleep 0.2
    read -r _ user nice system idle _ </proc/stat
    [ $((10 * (user + nice + system - busy))) -gt $((idle - before)) ] || return 0
  done
}`;

function fileOf(path: string, text: string): string {
  return `cat >${path} <<'END'\n${text}END`;
}

/** One server of the table gets another weight. */
const wantedFile = `"$IPVSADM_NODE" convert --format rules --to json /tmp/table >/tmp/table.json
awk '!done { done = sub(/"weight":5[,}]/, "\\"weight\\":${CHANGED_WEIGHT},") } 1' /tmp/table.json >/tmp/wanted.json`;

/**
 * Returns commands that write a connection table of `count` lines in the kernel's format, to be
 * mounted as /proc.
 */
function connectionsFile(count: number): string {
  const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData';
  const line = 'TCP %08X %04X 0A010001 0050 AC10%04X 1F90 ESTABLISHED %7d\\n';
  const values = `167772160 + i, 1024 + i % 60000, i % 65536, i % 900`;
  return `mkdir -p /tmp/proc/net
awk 'BEGIN { print "${title}"; for (i = 0; i < ${count}; i++) printf "${line}", ${values} }' >/tmp/proc/net/ip_vs_conn`;
}

/** Parses the output of the script. @throws when a measurement is missing. */
export function samplesOf(workload: Workload, output: string): Sample[] {
  const memory = new Map<string, number>();
  const samples: Sample[] = [];
  for (const line of output.split('\n')) {
    const [kind, program, first, second] = line.split(' ');
    if (kind === 'memory') memory.set(program!, Number(second) / Number(first) / 1024);
    if (kind === 'time') {
      samples.push({
        program: program as ProgramName,
        seconds: Number(second) - Number(first),
        memory: memory.get(program!) ?? Number.NaN,
      });
    }
  }
  if (samples.length !== workload.runs * workload.programs.length) {
    throw new Error(`${workload.name}: ${samples.length} runs measured; the guest printed: ${output}`);
  }
  return samples;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
