import { instanceToRawTensors, rawToFloat32 } from '@netspace/formats';
import { encodeFloat16 } from '@netspace/formats/internal';
import { disposeInstances, type Instance } from '@netspace/prep';
import type { InstanceStore } from '@netspace/zoo';

/** Whether a store's network of a name has the architecture and the weights of an instance, rounded if the store keeps it in half precision. */
export async function isSameNetwork(store: InstanceStore, name: string, instance: Instance): Promise<boolean> {
  const stored = await store.load(name);
  try {
    if (stored.architecture.name !== instance.architecture.name) return false;
    const [theirs, ours] = [await instanceToRawTensors(instance), await instanceToRawTensors(stored)];
    const isHalf = stored.record.bytes < 4 * stored.record.parameterCount;
    return [...ours].every(([parameter, raw]) => {
      const [a, b] = [rawToFloat32(raw), rawToFloat32(theirs.get(parameter)!)];
      return a.every((value, i) => value === b[i] || (isHalf && encodeFloat16(value) === encodeFloat16(b[i]!)));
    });
  } finally {
    disposeInstances([stored]);
  }
}
