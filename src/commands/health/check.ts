import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import type { TimedResult } from '../../director/types';
import { exitStatus } from '../../errors/exit-status';
import { usageError } from '../../errors/ipvsadm-error';
import type { CheckStep } from '../../model/check';
import type { CheckTarget } from '../../model/director';
import { serverName, serviceName } from '../../state/table/table-state';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { asksData, dataFlags, writeData } from '../support/data';
import { ask, parsed, socketFlag, splitName } from '../support/director';
import { resultLine, stepLines } from '../support/director-text';
import { inputFormatFlag, readingFlags, readValid } from '../support/read-state';

interface Checked {
  readonly results: readonly TimedResult[];
  readonly steps: readonly CheckStep[];
}

export default class HealthCheck extends IpvsCommand {
  static override summary = 'run the checks of a real server now; change nothing';
  static override description =
    'The director daemon runs them; given a file, this command does, without a daemon. The exit status is 1 if one ' +
    'failed.';
  static override examples = [
    '<%= config.bin %> health check web/web03',
    '<%= config.bin %> health check web/web03 lvs.yaml --verbose',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'SERVICE/SERVER, by names or keys', ignoreStdin: true }),
    file: Args.string({ description: 'the checks are those of this file', ignoreStdin: true }),
  };
  static override flags = {
    verbose: Flags.boolean({ char: 'v', description: 'show the conversation' }),
    format: inputFormatFlag,
    ...readingFlags,
    ...socketFlag,
    ...dataFlags(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HealthCheck);
    const { output } = this.context;
    const { service, server } = splitName(args.name);
    if (server === undefined) throw new CommandLineError([`${args.name}: must be SERVICE/SERVER`]);
    let text: string;
    if (args.file === undefined) {
      const question = { method: 'POST', path: '/v1/check', body: { service, server } } as const;
      text = await ask(this.context, flags.socket, question);
    } else {
      const reading = { complete: true, format: flags.format, flags };
      const { configuration } = await readValid(args.file, this.context, reading);
      const target = configuration?.services.flatMap((own) =>
        own.name === service || serviceName(own.service.key) === service
          ? own.servers
              .filter((one) => one.name === server || serverName(one.server) === server)
              .map((one): CheckTarget => ({ service: own, server: one }))
          : [],
      )[0];
      if (!target) {
        throw usageError(bytesFromUnicode(`ipvsadm: ${service}/${server}: the file has no such server`));
      }
      text = `${JSON.stringify(await checkedHere(target))}\n`;
    }
    const { results, steps } = parsed<Checked>(text);
    if (asksData(flags)) writeData(this.context, flags, text);
    else {
      if (flags.verbose) for (const step of steps) output.write(bytesFromUnicode(stepLines(step)));
      for (const result of results) output.write(bytesFromUnicode(resultLine(result)));
      if (results.length === 0) output.write('no checks: always up\n');
    }
    this.context.status = results.every(({ ok }) => ok) ? exitStatus.ok : exitStatus.differs;
  }
}

/** Runs the checks of a server in this process. */
async function checkedHere(target: CheckTarget): Promise<Checked> {
  const { runCheck } = require('../../checks') as typeof import('../../checks');
  const steps: CheckStep[] = [];
  const hear = (step: CheckStep) => steps.push(step);
  const results = await Promise.all(
    target.server.checks.map(async (check): Promise<TimedResult> => {
      const result = await runCheck(check, target, { hear });
      return { ...result, check: check.name ?? check.type, at: Date.now() };
    }),
  );
  return { results, steps };
}
