import { css, kindColor } from '../map/colors.js';
import { architectureLabel, percent } from '../ui/words.js';
import type { Opened } from '../worker/messages/protocol.js';

interface ClassIdBarsProps {
  readonly architectures: Opened['architectures'];
  readonly probabilities: readonly number[];
  readonly classId: number | undefined;
}

/** Which architecture the class head reads in the PRep: one bar, its parts the probabilities. */
export function ClassIdBars({ architectures, probabilities, classId }: ClassIdBarsProps) {
  // Nothing is known yet: that is not 0 %.
  const saidOf = (i: number): string => (probabilities[i] === undefined ? '–' : percent(probabilities[i]));
  return (
    <div class="class-id" data-tour="class-id">
      <div
        class="bar"
        role="img"
        aria-label={`ClassId: ${architectures.map(({ name }, i) => `${architectureLabel(name)} ${saidOf(i)}`).join(', ')}`}
      >
        {architectures.map(({ name }, i) => (
          <i key={name} style={{ flexGrow: probabilities[i] ?? 0, background: css(kindColor(i)) }} />
        ))}
      </div>
      <ul>
        {architectures.map(({ name, parameters }, i) => (
          <li key={name} class={i === classId ? 'said' : ''}>
            <i class="dot" style={{ background: css(kindColor(i)) }} />
            <span title={`${name}: ${parameters} parameters`}>{architectureLabel(name)}</span>
            <b>{saidOf(i)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
