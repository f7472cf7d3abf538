import { library } from '../../tsup.base.js';

export default library({
  entry: {
    index: 'src/index.ts',
    internal: 'src/internal.ts',
    wasm: 'src/wasm/index.ts',
    tensorflow: 'src/tensorflow/index.ts',
    webgpu: 'src/webgpu/index.ts',
  },
});
