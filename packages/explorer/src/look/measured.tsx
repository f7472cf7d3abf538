import { percent } from '../ui/words.js';
import type { Look, Opened } from '../worker/messages/protocol.js';
import { ClassIdBars } from './class-id-bars.js';

interface MeasuredProps {
  readonly look: Look | undefined;
  readonly architectures: Opened['architectures'];
  /** What the accuracy is of. */
  readonly title: string;
}

/** How often a network is right, where there is a sample, and, in a space of several, which architecture the class head takes it for. */
export function Measured({ look, architectures, title }: MeasuredProps) {
  return (
    <>
      {look?.accuracy !== undefined && (
        <div class="big" role="group" aria-label="Accuracy">
          <span class="kicker">{title}</span>
          <b data-value="accuracy">{percent(look.accuracy)}</b>
        </div>
      )}
      {architectures.length > 1 && (
        <div>
          <span class="kicker">ClassId</span>
          <ClassIdBars architectures={architectures} probabilities={look?.classIdProbabilities ?? []} classId={look?.classId} />
        </div>
      )}
    </>
  );
}
