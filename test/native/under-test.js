/** Setup of Jest's project `native`: the suites of test/kernel test the native program. */
process.env.IPVSADM_UNDER_TEST = 'native';
