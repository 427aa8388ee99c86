import type { Story } from '../story';
import { tunnelSections } from '../tunnels';

/** IP in IP. */
export const tun: Story = {
  summary: 'tunnelling, IP in IP: real servers in another network; answers go straight to the client',
  sections: tunnelSections({
    method: 'tunnel',
    options: '',
    filter: 'ip proto 4',
    device: 'lvs-ipip',
    packet: /length 94: 10\.1\.0\.12 > 10\.2\.0\.1[78]: .*10\.1\.0\.11\.\d+ > 10\.1\.0\.13\.80/,
  }),
  conclusion: ['Shown: tunnelling by IP in IP, 20 bytes a packet.'],
};
