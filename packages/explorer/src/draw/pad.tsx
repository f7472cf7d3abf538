import { useRef } from 'preact/hooks';

import { usePage, useSelect } from '../ui/page-context.js';
import type { Sample } from '../worker/messages/protocol.js';
import { blank, drawnLine } from './pen.js';
import { Thumbnail } from './thumbnail.js';

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The drawing pad: pen, mouse, finger, or keys. */
export function Pad({ sample }: { readonly sample: Sample }) {
  const { store } = usePage();
  const pad = useSelect((state) => state.pad);
  const chosen = useSelect(({ view }) => view.image);
  const pen = useSelect((state) => state.pen);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const stroke = useRef(0);

  const image = (): Uint8Array<ArrayBuffer> => {
    const state = store.get();
    return (state.view.image === undefined ? state.pad : undefined) ?? blank(sample);
  };
  const draw = (from: readonly [number, number], to: readonly [number, number]): void => {
    store.change({ image: undefined }, { pad: drawnLine(image(), sample, from, to), drag: `stroke ${stroke.current}` });
  };
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * sample.width, ((event.clientY - box.top) / box.height) * sample.height];
  };
  const onKey = (event: KeyboardEvent): void => {
    const now = store.get().pen ?? { x: sample.width / 2, y: sample.height / 2, down: false };
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      const next = {
        x: Math.min(sample.width - 0.5, Math.max(0.5, now.x + arrow[0])),
        y: Math.min(sample.height - 0.5, Math.max(0.5, now.y + arrow[1])),
        down: now.down,
      };
      store.set({ pen: next });
      if (now.down) draw([now.x, now.y], [next.x, next.y]);
    } else if (event.key === ' ' || event.key === 'Enter') {
      stroke.current++;
      store.set({ pen: { ...now, down: !now.down }, said: now.down ? 'Pen up' : 'Pen down' });
      if (!now.down) draw([now.x, now.y], [now.x, now.y]);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      store.change({ image: undefined }, { pad: undefined });
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div
      class="pad"
      role="application"
      tabIndex={0}
      aria-label="Drawing pad. Draw with a pointer; or move the pen by arrow keys, Space puts it down and lifts it, Delete clears."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        stroke.current++;
        store.set({ pen: undefined });
        last.current = at(event);
        draw(last.current, last.current);
      }}
      onPointerMove={(event) => {
        if (last.current === undefined) return;
        const to = at(event);
        draw(last.current, to);
        last.current = to;
      }}
      onPointerUp={() => (last.current = undefined)}
      onPointerCancel={() => (last.current = undefined)}
      onKeyDown={onKey}
      onBlur={() => store.set({ pen: undefined })}
    >
      <Thumbnail image={chosen === undefined && pad !== undefined ? pad : blank(sample)} size={sample} label="" />
      {(pad === undefined || chosen !== undefined) && <span class="pad-hint">Draw here</span>}
      {pen !== undefined && (
        <i
          class={`pen ${pen.down ? 'down' : ''}`}
          style={{ left: `${(100 * pen.x) / sample.width}%`, top: `${(100 * pen.y) / sample.height}%` }}
        />
      )}
    </div>
  );
}
