/** The lines that load a downloaded network elsewhere. */
export function snippetsFor(architecture: string): { readonly typescript: string; readonly python: string; readonly tfjs: string } {
  const name = JSON.stringify(architecture);
  return {
    typescript: [
      `import '@tensorflow/tfjs';`,
      `import { instanceFromCheckpoint } from '@netspace/formats';`,
      `import { architectureByName } from '@netspace/zoo';`,
      `const bytes = new Uint8Array(await (await fetch('network.safetensors')).arrayBuffer());`,
      `const network = instanceFromCheckpoint(architectureByName(${name}), bytes); // for a built-in architecture; else your own`,
    ].join('\n'),
    python: [
      `from safetensors.torch import load_file`,
      `from netspace_zoo import build  # node_modules/@netspace/zoo/pytorch/netspace_zoo.py`,
      `model = build(${name}, folded=True)  # for a built-in architecture; else your own torch.nn.Module`,
      `model.load_state_dict(load_file("network.safetensors"))`,
    ].join('\n'),
    tfjs: [
      `import * as tf from '@tensorflow/tfjs';`,
      `const model = await tf.loadLayersModel('model.json');`,
      `model.summary();`,
      `const logits = model.predict(images); // [batch, height, width, channels], normalized as in training`,
    ].join('\n'),
  };
}
