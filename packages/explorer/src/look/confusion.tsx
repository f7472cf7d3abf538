import { useEffect, useRef } from 'preact/hooks';

import { rampColor } from '../map/colors.js';
import { isDark } from '../state/state.js';
import { useSelect } from '../ui/page-context.js';

interface ConfusionProps {
  /** `counts[label][said]`. */
  readonly counts: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/** With more classes a cell has no room for its number. */
const MOST_NUMBERS = 12;
const MOST_MISTAKES = 3;

const sumOf = (row: readonly number[]): number => row.reduce((total, count) => total + count, 0) || 1;

const INKS = { dark: '#1d1c1a', light: '#f2f0ea' };
const GROUND = { light: [250, 248, 244], dark: [19, 20, 22] };

/** Dark or light, whichever is easier to read on a cell of a color that the ground shines through. */
function inkOn(share: number, isDark: boolean): string {
  const [paint, ground, alpha] = [rampColor(share), isDark ? GROUND.dark : GROUND.light, Math.sqrt(share)];
  const linear = (axis: 0 | 1 | 2): number => ((alpha * paint[axis] + (1 - alpha) * ground[axis]!) / 255) ** 2.2;
  const luminance = 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
  // Where both inks have the same contrast (WCAG).
  return luminance > 0.18 ? INKS.dark : INKS.light;
}

/** What the network says of images of each class: the diagonal is right. */
export function Confusion({ counts, classes }: ConfusionProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSelect(isDark);
  const size = counts.length;
  const name = (index: number): string => classes[index] ?? String(index);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    counts.forEach((row, label) => {
      const sum = sumOf(row);
      row.forEach((count, said) => {
        const share = count / sum;
        image.data.set([...rampColor(share), Math.round(255 * Math.sqrt(share))], 4 * (label * size + said));
      });
    });
    context.putImageData(image, 0, 0);
  }, [counts, size]);
  const mistakes = counts
    .flatMap((row, label) => row.map((count, said) => ({ label, said, count })))
    .filter(({ label, said, count }) => label !== said && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_MISTAKES)
    .map(({ label, said, count }) => `${name(label)} taken for ${name(said)}, ${count} ${count === 1 ? 'time' : 'times'}`);
  return (
    <figure class="confusion">
      <div class="grid" style={{ '--classes': size }}>
        <canvas ref={canvas} width={size} height={size} role="img" aria-label={`Confusion matrix. ${mistakes.join('; ')}`} />
        {size <= MOST_NUMBERS && (
          <div class="numbers" aria-hidden="true">
            {counts.flatMap((row, label) =>
              row.map((count, said) => (
                <span key={`${label} ${said}`} style={{ color: inkOn(count / sumOf(row), dark) }}>
                  {count > 0 ? count : ''}
                </span>
              )),
            )}
          </div>
        )}
        {size <= MOST_NUMBERS && (
          <>
            <div class="rows" aria-hidden="true">
              {counts.map((_, i) => (
                <span key={i}>{name(i)}</span>
              ))}
            </div>
            <div class="columns" aria-hidden="true">
              {counts.map((_, i) => (
                <span key={i}>{name(i)}</span>
              ))}
            </div>
          </>
        )}
      </div>
      <figcaption>
        Rows: what an image is. Columns: what the network says.{mistakes.length > 0 && ` Most often: ${mistakes[0]}.`}
      </figcaption>
    </figure>
  );
}
