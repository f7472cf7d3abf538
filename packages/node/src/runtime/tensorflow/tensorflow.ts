import { hasNvidiaDriver, nvidiaCard } from './nvidia.js';
import { unusable, type RuntimeCandidate, type RuntimeStart } from '../runtime.js';
import { processor, startBackend } from '../start-backend.js';
import { loadTfjsNode, tfjsNodeName, type TfjsNodeFacts, type TfjsNodeKind } from './tfjs-node.js';
import { installedTfjsNodes } from './tfjs-node-places.js';

/** TensorFlow's own library on an NVIDIA GPU. */
export const tensorflowGpu: RuntimeCandidate = {
  name: 'tensorflow-gpu',
  start: async () => {
    if (!hasNvidiaDriver()) {
      return unusable({ present: false, reason: 'no NVIDIA driver', remedy: "if there is an NVIDIA GPU, install NVIDIA's driver" });
    }
    const start = await startTensorflow('gpu');
    if (loaded === undefined || loaded.usesGpu) return start;
    if (loaded.kind === 'cpu') {
      return unusable({ present: true, reason: 'this process already uses TensorFlow on the processor', remedy: 'start a new process' });
    }
    return unusable({
      present: true,
      reason: `TensorFlow ${loaded.version} loads, but finds no GPU that its CUDA libraries can use`,
      remedy: "compare the driver's CUDA version (nvidia-smi) with TensorFlow's, then: netspace runtime install --gpu",
    });
  },
};

/** TensorFlow's own library on the processor. */
export const tensorflow: RuntimeCandidate = { name: 'tensorflow', start: () => startTensorflow('cpu') };

/** A process can load TensorFlow only once. The kind that was loaded first stays. */
let loaded: (TfjsNodeFacts & { readonly kind: TfjsNodeKind }) | undefined;

async function startTensorflow(kind: TfjsNodeKind): Promise<RuntimeStart> {
  await import('@netspace/kernels/gradients');
  const found = installedTfjsNodes(kind);
  const problems = found.filter(({ hasAddon }) => !hasAddon).map(({ directory }) => `${directory} lacks its native addon`);
  for (const { directory } of found.filter(({ hasAddon }) => hasAddon)) {
    if (loaded !== undefined) break;
    try {
      loaded = { kind, ...loadTfjsNode(directory) };
    } catch (error) {
      problems.push(`${directory} does not load: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  if (loaded === undefined) return unusable({ present: found.length > 0, ...notLoaded(kind, problems) });

  await import('@netspace/kernels/tensorflow');
  await startBackend('tensorflow');
  const { device, cores, memoryBytes } = processor();
  const hardware = loaded.usesGpu ? { ...nvidiaCard(), threads: undefined } : { device, memoryBytes, threads: cores };
  return { usable: true, facts: { backend: 'tensorflow', version: loaded.version, ...hardware } };
}

const notLoaded = (kind: TfjsNodeKind, problems: readonly string[]): { reason: string; remedy: string } => ({
  reason: problems.length > 0 ? problems.join('; ') : `neither ${tfjsNodeName(kind)} nor a native runtime of ours is installed`,
  remedy: `netspace runtime install${kind === 'gpu' ? ' --gpu' : ''}`,
});
