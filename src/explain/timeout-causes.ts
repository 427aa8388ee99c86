/** Why connection timeouts are refused. Source: ip_vs_set_timeout of ip_vs_ctl.c. */
import { errno } from '../errors/errno';
import type { Cause } from './cause';

export const timeoutCauses: readonly Cause[] = [
  {
    of: ['set-timeouts'],
    errno: [errno.EINVAL],
    describe: () =>
      'a timeout is more than the kernel can count in clock ticks (2147483 s at 1000 Hz, 8589934 s at 250 Hz)',
    test: () => 'grep CONFIG_HZ= /boot/config-$(uname -r)',
    remedy: () => 'give smaller timeouts; 0 keeps the present value',
    applies: () => undefined,
  },
];
