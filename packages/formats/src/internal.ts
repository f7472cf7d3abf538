export { encodeFloat16 } from './half.js';
export { checkedSize, ITEM_SIZE, rawTensorFromBuffer } from './raw-tensor.js';
