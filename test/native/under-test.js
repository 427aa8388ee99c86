/** Jest's project `native`: the suites of test/kernel test the native program (test/lab/under-test.ts). */
process.env.IPVSADM_UNDER_TEST = 'native';
