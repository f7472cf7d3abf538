import { rawToFloat32, type RawTensor } from '@netspace/formats';
import { type Architecture, NetSpaceError, parameterCount } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';

import { isFileName } from '../architectures/architectures-in.js';
import { FLAT } from './layouts/inr2vec.js';
import { agreedOmega, type ReadSiren, saying, shifted, type SirenOptions } from './siren-of.js';

/** All parameters in one row, for an architecture; for none, the SIREN of three coordinates and one value that has so many. */
export function sirenOfRow(
  tensors: ReadonlyMap<string, RawTensor>,
  wanted: Architecture | undefined,
  { omega: given, outputShift = 0 }: SirenOptions,
): ReadSiren | undefined {
  const row = tensors.get(FLAT);
  if (row === undefined || tensors.size !== 1) return undefined;
  if (wanted !== undefined && isFileName(wanted.name)) {
    throw new NetSpaceError('UNSUPPORTED', `zoo import: expected tensors by name for ${wanted.name}, got all numbers in one row, whose order its graph does not say; save state dicts`); // prettier-ignore
  }
  const numbers = rawToFloat32(row);
  const architecture = wanted ?? sirenOfCount(numbers.length, given ?? 30);
  const omega = agreedOmega(given, architecture);
  const count = parameterCount(architecture.parameters);
  if (count !== numbers.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `zoo import: expected ${count} numbers for ${architecture.name}, got ${numbers.length}; name the architecture that has so many`,
    );
  }
  let at = 0;
  const cut = new Map(
    architecture.parameters.map(({ name, shape }): [string, RawTensor] => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, { dtype: 'F32', shape, data: numbers.slice(at, (at += size)) }];
    }),
  );
  const last = architecture.parameters.at(-1)!.name;
  cut.set(last, shifted(cut.get(last)!, outputShift));
  return { architecture, tensors: cut, said: `${architecture.name}: ${saying('a SIREN', omega, outputShift).replace(/^.*?: /, '')}` };
}

function sirenOfCount(count: number, omega: number): Architecture {
  const fitting: string[] = [];
  for (let layers = 0; layers <= 16; layers++) {
    // 4 h + layers (h² + h) + h + 1 = count
    const [a, b, c] = [layers, 5 + layers, 1 - count];
    const hidden = Math.round(a === 0 ? -c / b : (-b + Math.sqrt(b * b - 4 * a * c)) / (2 * a));
    if (hidden > 0 && a * hidden * hidden + b * hidden + c === 0)
      fitting.push(`siren-3-${hidden}x${layers}-1${omega === 30 ? '' : `-omega${omega}`}`);
  }
  if (fitting.length === 1) return architectureByName(fitting[0]!);
  throw new NetSpaceError('UNSUPPORTED', `zoo import: expected one SIREN of three coordinates and one value with ${count} numbers, got ${fitting.length === 0 ? 'none' : fitting.join(', ')}; say --architecture`); // prettier-ignore
}
