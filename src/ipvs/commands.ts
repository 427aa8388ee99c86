/** The IPVS generic netlink family (kernel: uapi/linux/ip_vs.h). */
export const IPVS_FAMILY_NAME = 'IPVS';
export const IPVS_FAMILY_VERSION = 1;

/** IPVS_CMD_*. */
export const ipvsCommands = {
  newService: 1,
  setService: 2,
  delService: 3,
  getService: 4,
  newDest: 5,
  setDest: 6,
  delDest: 7,
  getDest: 8,
  newDaemon: 9,
  delDaemon: 10,
  getDaemon: 11,
  setConfig: 12,
  getConfig: 13,
  getInfo: 15,
  zero: 16,
  flush: 17,
} as const;
