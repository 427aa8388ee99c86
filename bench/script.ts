/** The script that does one work in the guest, and what it prints. */
import { type ProgramName, rules, type Work } from './workloads';

/** busybox's time counts pages of 4 kB as 16 kB. */
const BUSYBOX_UNIT = 4 * 1024;

/** One run of one program. */
export interface Sample {
  readonly program: ProgramName;
  readonly seconds: number;
  /** Peak resident memory in MB, of a run of its own. */
  readonly memory: number;
}

const commands: Readonly<Record<ProgramName, (args: readonly string[]) => string>> = {
  node: () => 'node -e 0',
  ours: (args) => `"$IPVSADM_NODE" ${args.join(' ')}`,
  words: () => '"$IPVSADM_NODE" list --numeric',
  native: (args) => `"$IPVSADM_NATIVE" ${args.join(' ')}`,
  c: (args) => `"$IPVSADM_C" ${args.join(' ')}`,
};

/**
 * A bash script (its clock costs no process) that runs the programs in turn: each run in a network namespace
 * of its own, with the table loaded before the clock starts. Memory is measured in a run of its own.
 */
export function scriptOf(work: Work): string {
  const load = [
    work.table ? `"$IPVSADM_NODE" -R </tmp/table` : ':',
    work.connections ? 'mount --bind /tmp/proc /proc' : ':',
  ].join('\n');
  const input = work.input ? '/tmp/input' : '/dev/null';
  const once = (program: ProgramName) => {
    const command = `${commands[program](work.args ?? [])} <${input} >/tmp/output 2>&1`;
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
busybox time -v ${commands[program](work.args ?? [])} <${input} 2>&1 >/tmp/output | sed -n 's/.*Maximum resident set size (kbytes): /memory ${program} /p'`)}`;
  return [
    `cat >/tmp/table <<'END'\n${work.table ? rules(work.table) : ''}END`,
    `cat >/tmp/input <<'END'\n${work.input ? rules(work.input) : ''}END`,
    work.connections ? connectionsFile(work.connections) : ':',
    ...work.programs.map(memory),
    `for run in $(seq ${work.runs}); do\n${work.programs.map(once).join('\n')}\ndone`,
  ].join('\n');
}

/** Commands that write a connection table of `count` lines, as the kernel formats it, where a /proc of our own has it. */
function connectionsFile(count: number): string {
  const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData';
  const line = 'TCP %08X %04X 0A010001 0050 AC10%04X 1F90 ESTABLISHED %7d\\n';
  const values = `167772160 + i, 1024 + i % 60000, i % 65536, i % 900`;
  return `mkdir -p /tmp/proc/net
awk 'BEGIN { print "${title}"; for (i = 0; i < ${count}; i++) printf "${line}", ${values} }' >/tmp/proc/net/ip_vs_conn`;
}

/** What the script printed. @throws when a program is missing. */
export function samplesOf(work: Work, output: string): Sample[] {
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
  if (samples.length !== work.runs * work.programs.length) {
    throw new Error(`${work.name}: ${samples.length} runs measured; the guest printed: ${output}`);
  }
  return samples;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
