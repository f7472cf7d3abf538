export { encodeFloat16 } from './half.js';
export { NPY_HEADER_LIMIT, type NpyHeader, readNpyHeader } from './npy/npy-header.js';
export { checkedSize, ITEM_SIZE, rawTensorFromBuffer } from './raw-tensor.js';
