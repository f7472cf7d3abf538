import { library } from '../../tsup.base.js';

export default library({ entry: ['src/index.ts', 'src/runtime/probe-main.ts', 'src/runtime/provision/verify-main.ts'] });
