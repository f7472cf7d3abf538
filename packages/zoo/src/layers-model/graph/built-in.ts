import * as tf from '@tensorflow/tfjs-core';

import type { Layer } from './graph.js';

/** Whether a layer is one of tf.layers' own, whose `getConfig` tells all that it does; a class derived from one is not. */
export function isBuiltIn(layer: Layer): boolean {
  const name = layer.getClassName();
  return BUILT_IN.has(name) && tf.serialization.SerializationMap.getMap().classNameMap[name]?.[0] === layer.constructor;
}

const BUILT_IN = new Set(
  `Model Functional Sequential InputLayer Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax
  Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose SeparableConv2D DepthwiseConv2D Cropping2D UpSampling2D ZeroPadding2D
  RNN SimpleRNNCell SimpleRNN GRUCell GRU LSTMCell LSTM StackedRNNCells ConvLSTM2DCell ConvLSTM2D TimeDistributed Bidirectional
  Dropout SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout Dense Flatten RepeatVector Reshape Permute Masking Embedding
  Add Multiply Average Maximum Minimum Concatenate Dot BatchNormalization LayerNormalization
  MaxPooling1D AveragePooling1D MaxPooling2D AveragePooling2D MaxPooling3D AveragePooling3D
  GlobalAveragePooling1D GlobalMaxPooling1D GlobalAveragePooling2D GlobalMaxPooling2D
  Rescaling CenterCrop CategoryEncoding Resizing RandomWidth`.split(/\s+/),
);
