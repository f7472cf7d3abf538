import { cp } from 'node:fs/promises';

import { library } from '../../tsup.base.js';

export default library({
  entry: [
    'src/index.ts',
    'src/cli/main.ts',
    'src/jobs/job-main.ts',
    'src/runtime/doctor/probe-main.ts',
    'src/runtime/provision/verify-main.ts',
  ],
  // The command says where a page of the guide is: here, as long as the site has no address.
  onSuccess: async () => {
    await cp('../../docs/guide', 'dist/docs/guide', { recursive: true });
    for (const page of ['errors', 'glossary']) await cp(`../../docs/reference/${page}.md`, `dist/docs/reference/${page}.md`);
  },
});
