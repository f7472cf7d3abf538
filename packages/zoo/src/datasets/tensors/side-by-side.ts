import { NetSpaceError } from '@netspace/prep';
import { refuseOptions } from '@netspace/prep/internal';

import { CALLER, oriented, product, type Reading, type Table, tableOf, type Tensors, wholeNumbers } from './input-table.js';
import type { DatasetPart } from './tensor-dataset.js';

/** Inputs of networks of several, in the order of their names. */
export function sideBySide(
  tensors: Tensors,
  found: readonly string[],
  { feeds, inputs, ...used }: Reading & { readonly feeds: readonly string[]; readonly inputs?: string | readonly string[] | undefined },
): Table {
  const { name } = used;
  refuseOptions(CALLER, { inputs }, ['inputs'], 'with feeds, which names them');
  refuseOptions(CALLER, { ...used }, ['shape', 'mean', 'std'], 'with feeds (save the tensors as the network takes them)');
  if (used.dtype === 'int32') refuseOptions(CALLER, { ...used }, ['dtype'], 'with feeds, where integers stay whole numbers');
  const twice = feeds.find((one, i) => feeds.indexOf(one) !== i);
  if (twice !== undefined)
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected each of feeds once, got ${twice} twice; leave one out`);
  const tables = feeds
    .map((feed, i) => ({ feed, table: partOf(tensors, found[i]!, used), isWhole: !/^(F|BF|C)/.test(tensors.get(found[i]!)!.dtype) }))
    .sort((a, b) => (a.feed < b.feed ? -1 : 1));
  const rows = tables[0]!.table.rows;
  const other = tables.find(({ table }) => table.rows !== rows);
  if (other !== undefined) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected ${rows} examples in ${other.feed} of ${name}, got ${other.table.rows}; give one of each input an example`); // prettier-ignore
  }
  const sizes = tables.map(({ table }) => product(table.shape));
  const width = sizes.reduce((sum, size) => sum + size, 0);
  const values = new Float32Array(rows * width);
  let at = 0;
  tables.forEach(({ table, isWhole }, i) => {
    if (isWhole) wholeNumbers(table.values, name);
    for (let row = 0; row < rows; row++) values.set(table.values.subarray(row * sizes[i]!, (row + 1) * sizes[i]!), row * width + at);
    at += sizes[i]!;
  });
  const parts = tables.map(({ feed, table, isWhole }): DatasetPart => ({ name: feed, shape: table.shape, dtype: isWhole ? 'int32' : 'float32' })); // prettier-ignore
  return { rows, shape: [width], values, bytes: false, parts };
}

/** One of several inputs; images as PyTorch has them are put channels last. */
function partOf(tensors: Tensors, one: string, used: Reading): Table {
  const table = tableOf(tensors, [one], used.name);
  if (table.bytes && table.shape.length > 1) {
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected images as floating-point numbers, and tokens as wider integers, with feeds, got bytes [N, ${table.shape.join(', ')}] in ${one} of ${used.name}; save them scaled as the networks were trained`); // prettier-ignore
  }
  return table.shape.length > 2 ? oriented(table, used) : table;
}
