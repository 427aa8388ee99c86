/**
 * Pages whose examples are played: blocks of code `console` hold commands, `NAME# COMMAND` on the machine
 * of that name, and below each its output; a last line `...` stands for any others. A block `yaml FILE`,
 * `sh FILE` or `conf FILE` is a file that the next commands find.
 */
import { join } from 'node:path';
import { shellQuote } from '../../lab';
import type { connectLab } from '../../lab/client';
import { debianProgram } from '../../lab/debian-programs';
import { play } from '../setup/ground';

type Lab = Pick<ReturnType<typeof connectLab>, 'run'>;

export interface PageFile {
  readonly file: string;
  readonly text: string;
}

export interface PageCommand {
  readonly place: string;
  readonly command: string;
  readonly shown: string;
}

export type PageStep = PageFile | PageCommand;

const BLOCK = /^```(console|(?:yaml|sh|conf) [\w.-]+)\n([\s\S]*?)^```$/gm;
const PROMPT = /^(\w+)[#$] (.*)$/;

export function stepsOf(page: string): PageStep[] {
  return [...page.matchAll(BLOCK)].flatMap(([, kind = '', text = '']): PageStep[] =>
    kind === 'console' ? commandsOf(text) : [{ file: kind.split(' ')[1]!, text }],
  );
}

function commandsOf(block: string): (PageCommand & { readonly prompt: string })[] {
  const commands: { prompt: string; place: string; command: string; shown: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const [, place, command] = PROMPT.exec(line) ?? [];
    if (place !== undefined && command !== undefined) {
      commands.push({ prompt: line, place, command, shown: [] });
    } else commands.at(-1)!.shown.push(line);
  }
  return commands.map(({ shown, ...rest }) => ({ ...rest, shown: shown.join('\n') }));
}

/** The page with other outputs; where `...` stands for the rest, as many lines as before. */
export function filledPage(page: string, outputs: readonly string[]): string {
  const left = [...outputs];
  return page.replace(BLOCK, (block, kind: string, text: string) => {
    if (kind !== 'console') return block;
    const commands = commandsOf(text).map(({ prompt, shown }) => {
      const output = left.shift()!.replace(/[ \t]+$/gm, '');
      const lines = shown.split('\n');
      const some =
        lines.at(-1) === '...' ? [...output.split('\n').slice(0, lines.length - 1), '...'] : [output];
      return [prompt, ...some.filter((line) => line !== '')].join('\n');
    });
    return `\`\`\`console\n${commands.join('\n')}\n\`\`\``;
  });
}

/** The machines of the pages. */
const machines = `
sw lan
host client lan 192.0.2.11/24; host lvs01 lan 192.0.2.12/24; host lvs02 lan 192.0.2.13/24
host web01 lan 192.0.2.17/24; host web02 lan 192.0.2.18/24
for machine in client lvs01 lvs02 web01 web02; do
  mkdir -p "/tmp/srv/$machine/www" && echo "$machine" >"/tmp/srv/$machine/www/index.html"
done
mkdir -p /srv /var/lib/ipvsadm /etc/ipvsadm /tmp/bin
for directory in /var/lib/ipvsadm /etc/ipvsadm; do mount -t tmpfs tmpfs $directory; done
ln -s "$IPVSADM_NODE" /tmp/bin/ipvsadm
ln -s /usr/bin/setpriv /tmp/bin/setpriv # busybox's knows less
ln -s "$CURL" /tmp/bin/curl
export PATH="/tmp/bin:$PATH"
unset USER LOGNAME SUDO_USER`;

/**
 * Plays the steps of a page. @returns what each command printed; as the page shows it, if nothing differs
 * but times and the like. @param fill whether what came is taken as it is, to write it into the page.
 */
export async function playPage(steps: readonly PageStep[], lab?: Lab, fill = false): Promise<string[]> {
  const player = shellQuote(join(__dirname, 'play-page.js'));
  const input = shellQuote(JSON.stringify({ steps, fill }));
  const curl = shellQuote(await debianProgram('curl'));
  const script = `CURL=${curl}\n${machines}\nprintf %s ${input} >/tmp/steps.json\nnode ${player} <steps.json`;
  return (await play(script, lab, 580)).map((line) => JSON.parse(line) as string);
}
