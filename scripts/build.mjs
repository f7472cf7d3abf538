// `npm run build`: installs the workspace if it is not, then builds all packages. Turbo looks for pnpm on the path: the one that npm fetches is there.
import { build, ensureInstalled } from './bootstrap.mjs';

ensureInstalled();
process.exitCode = build();
