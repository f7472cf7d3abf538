import { library } from '../../tsup.base.js';

// The page itself, with all that it needs, is Vite's: vite.config.ts.
export default library({ entry: ['src/index.ts'] });
