import * as tf from '@tensorflow/tfjs-core';

/**
 * The gradient of resizing, dx = Rᵀ dy Cᵀ of y = R x C, with R over rows and C over columns: resizing weighs both apart. On cpu that of bilinear
 * resizing has its height and width confused, and that of the nearest neighbor is wrong behind the first image.
 */
const resize = (kernelName: string): tf.GradConfig => ({
  kernelName,
  inputsToSave: ['images'],
  gradFunc: (dy, saved, attrs) => ({
    images: () =>
      tf.tidy(() => {
        const [batch, height, width, channels] = saved[0]!.shape as [number, number, number, number];
        const [, toHeight, toWidth] = (dy as tf.Tensor).shape as [number, number, number, number];
        const weights = (from: number, size: [number, number], axis: 'rows' | 'columns'): tf.Tensor2D => {
          const units = tf.reshape(tf.eye(from), axis === 'rows' ? [1, from, 1, from] : [1, 1, from, from]);
          const resized: tf.Tensor = tf.engine().runKernel(kernelName, { images: units }, { ...attrs, size } as tf.NamedAttrMap);
          return tf.reshape(resized, [-1, from]); // [to, from]
        };
        const rows = weights(height, [toHeight, 1], 'rows');
        const columns = weights(width, [1, toWidth], 'columns');
        const byRow = tf.reshape(dy as tf.Tensor, [batch, toHeight, toWidth * channels]);
        const rowsDone = tf.matMul(tf.expandDims(rows, 0), byRow, true); // [batch, height, toWidth · channels]
        const byColumn = tf.reshape(rowsDone, [batch * height, toWidth, channels]);
        const done = tf.matMul(tf.expandDims(columns, 0), byColumn, true); // [batch · height, width, channels]
        return tf.reshape(done, [batch, height, width, channels]);
      }),
  }),
});

export const resizeBilinearGradient = resize(tf.ResizeBilinear);
export const resizeNearestNeighborGradient = resize(tf.ResizeNearestNeighbor);
