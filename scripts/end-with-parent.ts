// Loaded before a program that `runNode` in bootstrap.mjs starts: the program ends with the script that started it.
import { followParent } from '../packages/node/src/runtime/process/tied-child.js';

followParent();
