/** Chromium of Debian without a window, for tests of the web page, with fonts of Latin and Chinese letters. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';
import { downloadAlone, unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';
/** Without their dependencies: chromium-common's are programs of X11, which nothing here runs, of 200 MB. */
const browser = ['chromium-headless-shell', 'chromium-common'];
const packages = ['fonts-dejavu-core', 'fonts-wqy-microhei', 'patchelf'];
const program = 'usr/lib/chromium/chromium-headless-shell';
/** What of the packages no page needs. */
const needless = [
  ...['bin', 'etc', 'sbin', 'usr/bin', 'usr/include', 'usr/sbin', 'usr/share/X11', 'usr/share/doc'],
  ...['usr/share/locale', 'usr/share/man', 'usr/lib/chromium/libVkLayer_khronos_validation.so', 'var'],
];

export interface Chromium {
  program: string;
  /** What it has to find in its environment. */
  env: Record<string, string>;
}

/** Returns a browser whose paths are the same in jobs. Downloads it first if necessary. */
export async function chromium(): Promise<Chromium> {
  const tree = await cached({
    name: 'chromium',
    recipe: { suite, browser, packages, needless, fonts: fonts('') },
    async build(now, later) {
      await unpackPackages({ suite, packages: [...packages, ...(await unpackBrowser(now))] }, now);
      await usePrivateLibraries({ now, later }, [program], now);
      for (const path of needless) rmSync(join(now, path), { recursive: true, force: true });
      mkdirSync(join(now, 'etc'));
      writeFileSync(join(now, 'etc/fonts.conf'), fonts(later));
    },
  });
  return { program: join(tree, program), env: { FONTCONFIG_FILE: join(tree, 'etc/fonts.conf') } };
}

/** Unpacks the browser and returns the packages that it depends on. */
async function unpackBrowser(tree: string): Promise<string[]> {
  const needed: string[] = [];
  for (const name of browser) {
    await downloadAlone(suite, name, async (archive) => {
      await runCommand('dpkg-deb', ['-x', archive, tree]);
      if (name === browser[0]) needed.push(await runCommand('dpkg-deb', ['-f', archive, 'Depends']));
    });
  }
  const names = needed.join().matchAll(/(?:^|,) *([^ ,]+)/g);
  return [...names].map(([, name]) => name!).filter((name) => !browser.includes(name));
}

/** Latin letters of DejaVu, Chinese ones of WenQuanYi, whatever the machine has. */
function fonts(tree: string): string {
  const families = ['sans-serif', 'serif', 'monospace', 'system-ui'].map((name) => {
    const latin = name === 'monospace' ? 'DejaVu Sans Mono' : 'DejaVu Sans';
    return `<alias><family>${name}</family><prefer><family>${latin}</family><family>WenQuanYi Micro Hei</family></prefer></alias>`;
  });
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${tree}/usr/share/fonts</dir>
<cachedir prefix="xdg">ipvsadm-lab/fontconfig</cachedir>
${families.join('\n')}
</fontconfig>
`;
}
