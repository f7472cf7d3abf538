import type { GroupedParameter } from './channel-groups.js';

/** Visits all places of a parameter, with the place in the second network that is compared with it. */
export function eachPlace(
  { shape, groups }: GroupedParameter,
  orders: ReadonlyMap<string, readonly number[]>,
  visit: (mine: number, theirs: number, place: readonly number[]) => void,
): void {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const moved = groups.map((group) => (group === undefined ? undefined : orders.get(group)!));
  const place = shape.map(() => 0);
  const total = shape.reduce((product, n) => product * n, 1);
  for (let mine = 0; mine < total; mine++) {
    let theirs = 0;
    for (let axis = 0; axis < shape.length; axis++) theirs += (moved[axis]?.[place[axis]!] ?? place[axis]!) * strides[axis]!;
    visit(mine, theirs, place);
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) place[axis] = 0;
  }
}
