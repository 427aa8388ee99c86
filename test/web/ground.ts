/** The director daemon with its web page on the lab's kernel, and a port of this machine that leads to it. */
import { join } from 'node:path';
import { type WebRole, webRoles } from '../../src/web/contract';
import { connectLab } from '../lab/client';
import { openTunnel, type Tunnel } from '../lab/tunnel';

const kernel = join(__dirname, '../kernel');

/** What every script finds: the functions of ground.sh, and machines c, d (the director), r1, r2. */
const functions = `traffic=${join(kernel, 'traffic')}
. ${join(kernel, 'setup/ground.sh')}
. ${join(kernel, 'director/ground.sh')}`;

export interface Ground {
  /** Of the page. */
  readonly origin: string;
  readonly tokens: Readonly<Record<WebRole, string>>;
  /** Runs a script there. @returns its output. */
  run(script: string): Promise<string>;
  close(): Promise<void>;
}

/** @param document YAML beside the part `director`; by default that of ground.sh: web01 and web02. */
export async function openGround(document?: string): Promise<Ground> {
  // It ends in the director's namespace, with the director's files.
  const tunnel = await openTunnel(
    connectLab(),
    `${functions}
mkdir -p /etc/ipvsadm && mount -t tmpfs tmpfs /etc/ipvsadm
network
set -- ip netns exec d`,
    280,
  );
  try {
    return await serve(tunnel, document);
  } catch (error) {
    await tunnel.close();
    throw error;
  }
}

async function serve(tunnel: Tunnel, document: string | undefined): Promise<Ground> {
  const port = await tunnel.forward();
  const run = (script: string) => tunnel.run(`${functions}\n${script}`);
  const text = document === undefined ? 'document' : `cat <<'END'\n${document}\nEND\n`;
  await run(`${text} >lvs.yaml
printf 'director: { web: { listen: "127.0.0.1:%s" } }\\n' ${port} >>lvs.yaml
daemon`);
  return {
    origin: `http://127.0.0.1:${port}`,
    tokens: await makeTokens(tunnel),
    run,
    close: () => tunnel.close(),
  };
}

async function makeTokens(tunnel: Tunnel): Promise<Record<WebRole, string>> {
  const commands = webRoles.map((role) => `"$IPVSADM_NODE" web token ${role}-er --role ${role}`);
  const printed = await tunnel.run(commands.join(' && '));
  const tokens = [...printed.matchAll(/ipvsadm_[\w-]{43}/g)].map(([token]) => token);
  return Object.fromEntries(webRoles.map((role, index) => [role, tokens[index]!])) as Record<WebRole, string>;
}
