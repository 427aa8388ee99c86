import * as Flags from '@oclif/core/flags';
import type { Facts } from '../doctor/facts';
import type { Finding } from '../doctor/finding';
import { exitStatus } from '../errors/exit-status';
import { parseAddress } from '../model/address';
import type { Interruption } from '../platform/interactive-system';
import { undoSetup } from '../setup/carry-out';
import { describeStep } from '../setup/kinds';
import type { Machine } from '../setup/step';
import { IpvsCommand } from './support/base';
import { CommandLineError } from './support/command-line-error';
import { asksData, type DataFlags, dataFlags, writeValue } from './support/data';
import { fixFindings } from './support/fix-findings';
import { journalOf, leftLines, withMachine } from './support/machine';
import { openTable } from './support/open-table';
import { portFlag } from './support/port-flag';

export default class Doctor extends IpvsCommand {
  static override summary =
    'find what is wrong with this director or real server, and the line that mends it';
  static override description =
    'Looks at addresses, routes, neighbours, kernel settings, the IPVS table and its connections, twice within 2.2 ' +
    'seconds. It opens and closes one TCP connection to each real server of a TCP service, and asks by ARP who else ' +
    'has the VIPs; --passive sends nothing. "certain" was seen; "possible" means that something else could look the ' +
    'same from here. A machine with a VIP on lo or on a tunnel is looked at as a real server too. The exit status is ' +
    '1 if there are findings that --fix has not mended. docs/doctor.md lists all findings.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --fix',
    '<%= config.bin %> doctor --vip 192.0.2.10 --port 80',
    '<%= config.bin %> doctor --json --passive',
  ];
  static override flags = {
    realserver: Flags.boolean({
      description: 'this machine is a real server; known already if lo or a tunnel has a VIP',
    }),
    vip: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'ADDRESS',
      description: 'a VIP that this real server should have; repeatable',
    }),
    port: portFlag({
      multiple: true,
      multipleNonGreedy: true,
      description: 'a TCP port that this real server should serve; repeatable',
    }),
    passive: Flags.boolean({ description: 'send nothing: no connections, no questions by ARP' }),
    fix: Flags.boolean({
      description: 'mend what can be undone: kernel settings, VIPs, links that are down',
    }),
    undo: Flags.boolean({
      description: 'take back what --fix did',
      exclusive: ['realserver', 'vip', 'port', 'passive', 'fix'],
    }),
    ...dataFlags('print the findings as JSON'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const { system, output } = this.context;
    const vips = (flags.vip ?? []).map(addressOf);
    await withMachine(system, async (machine) => {
      if (flags.undo) return await this.undo(machine, flags);
      let signal: Interruption | undefined;
      const facts = await system.interruptible((sleep) => {
        const sleepOn = async (milliseconds: number) => {
          signal = (await sleep(milliseconds)) ?? signal;
        };
        return this.collect(machine, sleepOn, { ...flags, vips });
      });
      if (signal) {
        const { interruptions } =
          require('../platform/interactive-system') as typeof import('../platform/interactive-system');
        this.context.status = exitStatus.signalled + interruptions[signal];
        return;
      }
      const { diagnose } = require('../doctor/findings') as typeof import('../doctor/findings');
      const findings = diagnose(facts);
      const fixed = flags.fix
        ? await this.locked(() => fixFindings(findings, machine, journalOf('doctor', system), output))
        : new Set<Finding>();
      this.print(findings, fixed, flags, facts);
      if (findings.some((finding) => !fixed.has(finding))) this.context.status = exitStatus.differs;
    });
  }

  private async collect(
    machine: Machine,
    sleep: (milliseconds: number) => Promise<void>,
    given: {
      readonly realserver: boolean;
      readonly passive: boolean;
      readonly vips: readonly Uint8Array[];
      readonly port?: readonly number[] | undefined;
    },
  ): Promise<Facts> {
    const { system } = this.context;
    const { collectFacts } = require('../doctor/collect') as typeof import('../doctor/collect');
    const { realserver, passive, vips, port: ports = [] } = given;
    const client = openTable(system);
    try {
      return await collectFacts({
        system,
        host: machine.host,
        client,
        sleep,
        passive,
        directorUp: journalOf('director', system).read().length > 0,
        realServer: { asked: realserver || ports.length > 0, vips, ports },
      });
    } finally {
      client?.close();
    }
  }

  private print(
    findings: readonly Finding[],
    fixed: ReadonlySet<Finding>,
    flags: DataFlags & { readonly fix: boolean },
    { table, realServer }: Facts,
  ): void {
    const { output } = this.context;
    if (asksData(flags)) {
      const shown = findings.map((finding) => ({
        ...finding,
        ...(finding.fix ? { fix: finding.fix.map(describeStep) } : {}),
        ...(flags.fix ? { fixed: fixed.has(finding) } : {}),
      }));
      writeValue(this.context, flags, shown);
      return;
    }
    const { countLine, findingLines } = require('../doctor/findings') as typeof import('../doctor/findings');
    for (const finding of findings) {
      const done = (fixed.has(finding) ? (finding.fix ?? []) : []).map(
        (step) => `  fixed:   ${describeStep(step)}`,
      );
      const [lines, end] = [findingLines(finding).slice(0, -1), ''];
      for (const line of [...lines, ...done, end]) output.write(`${line}\n`);
    }
    const nothing = !realServer && (table?.services.length ?? 0) === 0 && findings.length === 0;
    const note = nothing ? ': this machine has no virtual service, and no VIP on lo' : '';
    const mended = fixed.size > 0 ? `; ${fixed.size} fixed: "ipvsadm doctor --undo" takes that back` : '';
    output.write(`${countLine(findings)}${note}${mended}\n`);
  }

  private async undo(machine: Machine, flags: DataFlags): Promise<void> {
    const { output, system } = this.context;
    const { undone, left } = await this.locked(() => undoSetup(machine, journalOf('doctor', system)));
    if (asksData(flags)) writeValue(this.context, flags, { undone: undone.map(describeStep) });
    else if (undone.length === 0 && left.length === 0) output.write('nothing to change\n');
    else for (const step of undone) output.write(`- ${describeStep(step)}\n`);
    for (const line of leftLines(left)) output.error(line);
    if (left.length > 0) this.context.status = exitStatus.differs;
  }
}

function addressOf(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes) return bytes;
  throw new CommandLineError([`--vip ${text} is not an IP address, such as 192.0.2.10 or 2001:db8::10`]);
}
