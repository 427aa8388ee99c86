import type { Story } from '../story';
import { tunnelSections } from '../tunnels';

/** Generic routing encapsulation. */
export const gre: Story = {
  summary: 'tunnelling by GRE, which routers know',
  sections: tunnelSections({
    method: 'gre',
    options: ' --tun-type gre',
    filter: 'proto gre',
    device: 'lvs-gre',
    packet: /length 98: 10\.1\.0\.12 > 10\.2\.0\.1[78]: .*10\.1\.0\.11\.\d+ > 10\.1\.0\.13\.80/,
  }),
  conclusion: ['Shown: tunnelling by GRE, 24 bytes a packet.'],
};
