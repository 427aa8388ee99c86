import { inLoadingOrder } from './modules';

const modulesDep = `kernel/a/ip_vs_rr.ko: kernel/a/ip_vs.ko kernel/b/nf_conntrack.ko
kernel/a/ip_vs.ko: kernel/b/nf_conntrack.ko kernel/b/nf_defrag_ipv4.ko
kernel/b/nf_conntrack.ko: kernel/b/nf_defrag_ipv4.ko
kernel/b/nf_defrag_ipv4.ko:
kernel/c/dummy.ko.xz:
`;

test('dependencies are loaded before a module, and only once', () => {
  expect(inLoadingOrder(modulesDep, ['ip_vs', 'ip_vs_rr'])).toEqual([
    'kernel/b/nf_defrag_ipv4.ko',
    'kernel/b/nf_conntrack.ko',
    'kernel/a/ip_vs.ko',
    'kernel/a/ip_vs_rr.ko',
  ]);
});

test('compressed modules are found by the same name, and missing ones are skipped', () => {
  expect(inLoadingOrder(modulesDep, ['ip_vs_twos', 'dummy'])).toEqual(['kernel/c/dummy.ko.xz']);
});
