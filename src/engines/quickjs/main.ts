/** The program on QuickJS: what main.c runs. */
import { startProcess } from './start';
import { quickjsSystem } from './system';

startProcess(quickjsSystem());
