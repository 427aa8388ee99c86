/** The program on QuickJS, which main.c runs. */
import { startProcess } from './start';
import { quickjsSystem } from './system';

startProcess(quickjsSystem());
