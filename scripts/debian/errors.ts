/** Something is not installed or cannot be downloaded; the message has the reason. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
