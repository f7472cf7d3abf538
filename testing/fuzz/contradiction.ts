/** What a reader accepted contradicts itself: a fault of the reader, never a refusal. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

/** Tensors hold as many numbers as their shapes say. */
export function checkTensors(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly dtype: string; readonly data: { readonly length: number } }>,
) {
  for (const [name, { dtype, shape, data }] of tensors) {
    const size = shape.reduce((product, axis) => product * axis, dtype === 'C64' ? 2 : 1);
    if (size !== data.length)
      throw new Contradiction(`${JSON.stringify(name.slice(0, 80))} has shape [${shape}] and ${data.length} numbers`);
  }
}

/** Triangles name vertices that are there, and every coordinate is a number. */
export function checkMesh({ positions, indices }: { readonly positions: Float32Array; readonly indices: Uint32Array }): void {
  const vertices = positions.length / 3;
  if (indices.length === 0 || indices.length % 3 !== 0 || !Number.isInteger(vertices)) {
    throw new Contradiction(`${positions.length} coordinates, ${indices.length} corners`);
  }
  const outside = indices.find((index) => index >= vertices);
  if (outside !== undefined) throw new Contradiction(`vertex ${outside} of ${vertices}`);
  if (!positions.every(Number.isFinite)) throw new Contradiction('a coordinate that is no number');
}

/** A data set holds as many images as labels, and labels of its classes only. */
export function checkImages(
  images: ArrayLike<number>,
  labels: Uint8Array | Uint16Array,
  { size, classes }: { readonly size: number; readonly classes: number },
): void {
  if (images.length !== size * labels.length) throw new Contradiction(`${images.length} values of ${labels.length} images of ${size}`);
  const wrong = Array.prototype.find.call(labels, (label: number) => label >= classes) as number | undefined;
  if (wrong !== undefined) throw new Contradiction(`label ${wrong} of ${classes} classes`);
}
