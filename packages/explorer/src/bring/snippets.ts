/** The lines that load a downloaded network elsewhere. */
export function snippetsFor(architecture: string): { readonly typescript: string; readonly python: string; readonly tfjs: string } {
  const name = JSON.stringify(architecture);
  return {
    typescript: [
      `import { instanceFromCheckpoint } from '@netspace/formats';`,
      `import { architectureByName } from '@netspace/zoo';`,
      `const bytes = new Uint8Array(await (await fetch('network.safetensors')).arrayBuffer());`,
      `const network = instanceFromCheckpoint(architectureByName(${name}), bytes);`,
    ].join('\n'),
    python: [
      `from safetensors.torch import load_file`,
      `weights = load_file("network.safetensors")  # names as in PyTorch`,
      `print({name: tuple(weight.shape) for name, weight in weights.items()})`,
      `model.load_state_dict(weights)  # model: your torch.nn.Module of ${name}`,
    ].join('\n'),
    tfjs: [
      `import * as tf from '@tensorflow/tfjs';`,
      `const model = await tf.loadLayersModel('model.json');`,
      `model.summary();`,
      `const logits = model.predict(images); // [batch, height, width, channels], normalized as in training`,
    ].join('\n'),
  };
}
