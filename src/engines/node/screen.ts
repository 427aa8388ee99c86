/** The terminal of standard input and output: its other screen, without a cursor; keys as they come. */
import { ReadStream } from 'node:tty';
import type { Screen, ScreenEvent } from '../../platform/screen';

// xterm's control sequences: other screen, cursor, wrapping of lines.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const TO_END_OF_LINE = '\x1b[K';
const BELOW = '\x1b[J';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns undefined if standard input or output is no terminal. */
export function openScreen(): Screen | undefined {
  const { stdin, stdout } = process;
  if (!stdout.isTTY || !(stdin instanceof ReadStream)) return undefined;
  const events: ScreenEvent[] = [];
  let wake = () => {};
  const happened = (event: ScreenEvent) => {
    events.push(event);
    wake();
  };
  const keys = (text: string) => happened({ kind: 'keys', text });
  const resized = () => happened({ kind: 'resized' });
  const signalled = SIGNALS.map((signal) => [signal, () => happened({ kind: 'signal', signal })] as const);
  /** The terminal is gone. */
  const gone = () => happened({ kind: 'signal', signal: 'SIGHUP' });
  let entered = false;
  const enter = () => {
    entered = true;
    stdin.setRawMode(true);
    stdout.write(ENTER);
  };
  const leave = () => {
    if (!entered) return;
    entered = false;
    stdout.write(LEAVE);
    stdin.setRawMode(false);
  };
  const continued = () => {
    if (entered) return;
    enter();
    resized();
  };
  stdin.setEncoding('utf8').on('data', keys).on('end', gone).on('error', gone).resume();
  stdout.on('resize', resized).on('error', gone);
  for (const [signal, listener] of signalled) process.on(signal, listener);
  process.on('SIGCONT', continued);
  // Whatever ends this process: nobody wants a terminal without a cursor.
  process.on('exit', leave);
  enter();
  return {
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    draw(lines) {
      // After SIGCONT this goes on before the listener has taken the screen again, and draws once more.
      if (!entered) return;
      stdout.write(`${HOME}${lines.map((line) => line + TO_END_OF_LINE).join('\r\n')}${BELOW}`);
    },
    async next(milliseconds) {
      if (events.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, milliseconds));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return events.shift() ?? { kind: 'time' };
    },
    suspend() {
      leave();
      process.kill(process.pid, 'SIGSTOP');
    },
    close() {
      leave();
      stdin.off('data', keys).off('end', gone).pause();
      stdout.off('resize', resized);
      for (const [signal, listener] of signalled) process.off(signal, listener);
      process.off('SIGCONT', continued).off('exit', leave);
    },
  };
}
