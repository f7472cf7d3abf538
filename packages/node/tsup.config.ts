import { library } from '../../tsup.base.js';

export default library({
  entry: [
    'src/index.ts',
    'src/cli/main.ts',
    'src/jobs/job-main.ts',
    'src/runtime/doctor/probe-main.ts',
    'src/runtime/provision/verify-main.ts',
  ],
});
