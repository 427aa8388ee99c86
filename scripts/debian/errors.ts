/** Something that this machine lacks, or cannot fetch; the message is the reason. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
