/** The shell script that measures one workload in the guest, and the parser of its output. */
import { keepalivedConf, type ProgramName, rules, type Workload } from './workloads';

/** busybox's time reports four times the memory, because it takes kilobytes for pages. */
const BUSYBOX_UNIT = 4 * 1024;

/** One run of one program. */
export interface Sample {
  readonly program: ProgramName;
  readonly seconds: number;
  /** Peak resident memory in MB, measured in a separate run. */
  readonly memory: number;
}

const commands: Readonly<Record<ProgramName, (args: readonly string[]) => string>> = {
  node: () => 'node -e 0',
  ours: (args) => `"$IPVSADM_NODE" ${args.join(' ')}`,
  subcommand: () => '"$IPVSADM_NODE" list --numeric',
  native: (args) => `"$IPVSADM_NATIVE" ${args.join(' ')}`,
  npm: (args) => `"$IPVSADM_NPM/ipvsadm" ${args.join(' ')}`,
  'npm-launcher': (args) => `"$IPVSADM_NPM_LAUNCHER/ipvsadm" ${args.join(' ')}`,
  c: (args) => `"$IPVSADM_C" ${args.join(' ')}`,
  keepalived: () => '"$KEEPALIVED" -C -t -f /tmp/keepalived.conf',
  'ours-before': (args) => `"$IPVSADM_NODE_BEFORE" ${args.join(' ')}`,
  'subcommand-before': () => '"$IPVSADM_NODE_BEFORE" list --numeric',
  'native-before': (args) => `"$IPVSADM_BEFORE/dist/native/ipvsadm" ${args.join(' ')}`,
};

/**
 * Returns a bash script (whose $EPOCHREALTIME needs no process) that runs the programs in turn.
 * Each run has a new network namespace, and the table is loaded before the clock starts. Memory is
 * measured in a separate run.
 */
export function scriptOf(workload: Workload): string {
  const load = [
    workload.table ? `"$IPVSADM_NODE" -R </tmp/table` : ':',
    workload.connections ? 'mount --bind /tmp/proc /proc' : ':',
  ].join('\n');
  const input = workload.input ? '/tmp/input' : '/dev/null';
  const once = (program: ProgramName) => {
    const command = `${commands[program](workload.args ?? [])} <${input} >/tmp/output 2>&1`;
    return `unshare -nm bash -c ${quoted(`
ip link set lo up
${load}
start=$EPOCHREALTIME
${command}
end=$EPOCHREALTIME
echo time ${program} $start $end`)}`;
  };
  const memory = (program: ProgramName) =>
    `unshare -nm bash -c ${quoted(`
ip link set lo up
${load}
busybox time -v ${commands[program](workload.args ?? [])} <${input} 2>&1 >/tmp/output | sed -n 's/.*Maximum resident set size (kbytes): /memory ${program} /p'`)}`;
  return [
    `cat >/tmp/table <<'END'\n${workload.table ? rules(workload.table) : ''}END`,
    `cat >/tmp/input <<'END'\n${workload.input ? rules(workload.input) : ''}END`,
    workload.keepalived
      ? `cat >/tmp/keepalived.conf <<'END'\n${keepalivedConf(workload.keepalived)}END`
      : ':',
    workload.connections ? connectionsFile(workload.connections) : ':',
    ...workload.programs.map(memory),
    `for run in $(seq ${workload.runs}); do\n${workload.programs.map(once).join('\n')}\ndone`,
  ].join('\n');
}

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
    if (kind === 'memory') memory.set(program!, Number(first) / BUSYBOX_UNIT);
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
