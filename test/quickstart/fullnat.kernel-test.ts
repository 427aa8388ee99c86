/** The kernel of User-Mode Linux has no nftables for IPv4: the story plays on the emulated one. */
import { type Lab, openLab } from '../lab';
import { notAsTold } from './as-told';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab({ backend: 'qemu' });
}, 600_000);

afterAll(async () => {
  await lab?.close();
});

test('the story fullnat has the results that it and the guide tell', async () => {
  expect(await notAsTold(lab, 'fullnat')).toEqual([]);
}, 900_000);
