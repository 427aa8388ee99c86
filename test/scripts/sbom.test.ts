import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { debianComponent, formatSbom, npmComponent, sbom } from '../../scripts/sbom';
import { licenseTexts, thirdPartyPackages } from '../../scripts/third-party';

const root = join(__dirname, '../..');
const inputs = {
  'src/model/limits.ts': { bytes: 1, imports: [] },
  'node_modules/zod/index.cjs': { bytes: 1, imports: [] },
  'node_modules/zod/v4/index.cjs': { bytes: 1, imports: [] },
  'node_modules/@oclif/core/lib/index.js': { bytes: 1, imports: [] },
};

const previousDate = process.env.SOURCE_DATE_EPOCH;
beforeEach(() => {
  process.env.SOURCE_DATE_EPOCH = '1795564800';
});
afterEach(() => {
  if (previousDate === undefined) delete process.env.SOURCE_DATE_EPOCH;
  else process.env.SOURCE_DATE_EPOCH = previousDate;
});

describe('the packages of a build', () => {
  test('are those of its inputs and those copied, each once, with the checksum of the lock file', () => {
    const packages = thirdPartyPackages(root, [{ inputs }, { inputs }]);
    expect(packages.map(({ name }) => name)).toEqual(['@oclif/core', 'netlink', 'zod']);
    for (const { license, licenseText, integrity } of packages) {
      expect({ license, licenseText, integrity }).toEqual({
        license: 'MIT',
        licenseText: expect.stringContaining('Permission is hereby granted'),
        integrity: expect.stringMatching(/^sha512-/),
      });
    }
  });

  test('are all named by both THIRD-PARTY.txt and the SBOM', () => {
    const packages = thirdPartyPackages(root, [{ inputs }]);
    const titles = [...licenseTexts(packages).matchAll(/^(\S+ \S+) \(.*\)\n=+$/gm)].map(([, title]) => title);
    const { components } = sbom(packages.map(npmComponent));
    expect(components.map(({ name, version }) => `${name} ${version}`)).toEqual(titles);
    expect(titles).toHaveLength(3);
  });

  test('may lack the text of a license, but not the license', () => {
    expect(licenseTexts([{ name: 'a', version: '1.0.0', license: 'ISC' }])).toBe(
      'a 1.0.0 (ISC)\n=============\n\nThe package does not include the text of its license.\n',
    );
    const project = mkdtempSync(join(tmpdir(), 'ipvsadm-third-party-'));
    mkdirSync(join(project, 'node_modules/a'), { recursive: true });
    writeFileSync(join(project, 'package-lock.json'), '{ "packages": {} }');
    writeFileSync(join(project, 'node_modules/a/package.json'), '{ "name": "a", "version": "1.0.0" }');
    const unlicensed = { 'node_modules/a/index.js': { bytes: 1, imports: [] } };
    expect(() => thirdPartyPackages(project, [{ inputs: unlicensed }])).toThrow('a 1.0.0 has no license');
    rmSync(project, { recursive: true });
  });
});

test('an SBOM is CycloneDX of the program and what it contains', () => {
  const component = npmComponent({
    name: '@scope/a',
    version: '1.2.3',
    license: '(MIT OR ISC)',
    licenseText: 'text',
    integrity: 'sha512-AAEC',
  });
  const quickjs = debianComponent({ suite: 'trixie', name: 'quickjs', version: '1-2' }, 'MIT');
  const ref = `pkg:npm/ipvsadm@${version}`;
  expect(sbom([component, quickjs])).toEqual({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: '2026-11-25T00:00:00.000Z',
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': ref,
        type: 'application',
        name: 'ipvsadm',
        version,
        description: expect.stringContaining('IPVS'),
        licenses: [{ license: { id: 'MIT' } }],
        purl: ref,
      },
    },
    components: [
      {
        'bom-ref': 'pkg:npm/%40scope/a@1.2.3',
        type: 'library',
        name: '@scope/a',
        version: '1.2.3',
        purl: 'pkg:npm/%40scope/a@1.2.3',
        licenses: [{ expression: '(MIT OR ISC)' }],
        hashes: [{ alg: 'SHA-512', content: '000102' }],
      },
      {
        'bom-ref': 'pkg:deb/debian/quickjs@1-2?arch=source&distro=trixie',
        type: 'library',
        name: 'quickjs',
        version: '1-2',
        purl: 'pkg:deb/debian/quickjs@1-2?arch=source&distro=trixie',
        licenses: [{ license: { id: 'MIT' } }],
      },
    ],
    dependencies: [
      {
        ref,
        dependsOn: ['pkg:npm/%40scope/a@1.2.3', 'pkg:deb/debian/quickjs@1-2?arch=source&distro=trixie'],
      },
    ],
  });
});

test('an SBOM of one commit is always the same, and names no host and no directory', () => {
  const build = () => formatSbom(sbom(thirdPartyPackages(root, [{ inputs }]).map(npmComponent)));
  expect(build()).toBe(build());
  expect(build()).not.toMatch(/:\/\/|node_modules|registry/);
  expect(build()).not.toContain(root);
});
