import type { Story } from '../story';
import { tunnelSections } from '../tunnels';

/** Generic UDP encapsulation: passes where only UDP and TCP pass, and spreads over the queues of cards. */
export const gue: Story = {
  summary: 'tunnelling in UDP (GUE): passes networks that carry only TCP and UDP',
  sections: tunnelSections({
    method: 'gue',
    options: ' --tun-type gue --tun-port 6080',
    filter: 'udp port 6080',
    device: 'lvs-ipip',
    packet: /length 106: 10\.1\.0\.12\.\d+ > 10\.2\.0\.1[78]\.6080: UDP, length 64/,
  }),
  conclusion: ['Shown: tunnelling by GUE, 32 bytes a packet.'],
};
