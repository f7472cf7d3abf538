import { useEffect, useRef } from 'preact/hooks';

import { rampColor } from '../map/colors.js';

interface ConfusionProps {
  /** `counts[label][said]`. */
  readonly counts: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/** With more classes a cell has no room for its number. */
const MOST_NUMBERS = 12;
const MOST_MISTAKES = 3;

/** What the network says of images of each class: the diagonal is right. */
export function Confusion({ counts, classes }: ConfusionProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = counts.length;
  const name = (index: number): string => classes[index] ?? String(index);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    counts.forEach((row, label) => {
      const sum = row.reduce((total, count) => total + count, 0) || 1;
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
            {counts.flatMap((row, label) => row.map((count, said) => <span key={`${label} ${said}`}>{count > 0 ? count : ''}</span>))}
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
