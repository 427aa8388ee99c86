/** The fake kernel that users of the library have, too. */
export { FAMILY_ID, FakeKernel } from '../../src/testing/fake-kernel';
