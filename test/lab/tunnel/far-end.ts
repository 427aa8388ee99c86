/** The end of a tunnel that runs in a job: connects to ports there, and runs scripts. */
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { decodeFrames, encodeFrame, type Frame, type Kind } from './frames';
import { Mailbox } from './mailbox';

const sockets = new Map<number, Socket>();

const handlers: Record<Kind, (frame: Frame) => void> = {
  open: ({ id, bytes }) => open(id, bytes.toString()),
  data: ({ id, bytes }) => sockets.get(id)?.write(bytes),
  end: ({ id }) => sockets.get(id)?.end(),
  gone: ({ id }) => sockets.get(id)?.destroy(),
  run: ({ id, bytes }) => run(id, bytes.toString()),
  done: () => undefined,
  close: () => process.exit(),
};

const mailbox = new Mailbox(process.argv[2]!, { ours: 'up', theirs: 'down' }, (text) => {
  for (const frame of decodeFrames(text)) handlers[frame.kind](frame);
});

function say(kind: Kind, id: number, bytes?: Buffer | string): void {
  mailbox.send(encodeFrame(kind, id, bytes));
}

/** @param target a path of a socket, or ADDRESS:PORT. */
function open(id: number, target: string): void {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
  const socket = port === '' ? connect(target) : connect(Number(port), host);
  sockets.set(id, socket);
  socket
    .on('data', (bytes) => say('data', id, bytes))
    .on('end', () => say('end', id))
    .on('error', () => undefined) // "close" follows
    .on('close', () => {
      sockets.delete(id);
      say('gone', id);
    });
}

function run(id: number, script: string): void {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  // Not "close": what goes on in the background may keep the output open.
  child.on('exit', (status) => setImmediate(() => say('done', id, JSON.stringify({ status, output }))));
}

say('open', 0); // it is there
