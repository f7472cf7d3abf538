import { useEffect, useRef, useState } from 'preact/hooks';

import { isDark } from '../state/state.js';
import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import type { ShapeRenderer } from './shape-renderer.js';

const TURN = 0.15;
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-TURN, 0],
  ArrowRight: [TURN, 0],
  ArrowUp: [0, -TURN],
  ArrowDown: [0, TURN],
};

/** The surface of the shape that the network describes; turns with mouse, touch and arrow keys. */
export function ShapeView() {
  const { store } = usePage();
  const host = useRef<HTMLDivElement>(null);
  const renderer = useRef<ShapeRenderer | undefined>(undefined);
  const mesh = useSelect((state) => state.shape);
  const dark = useSelect(isDark);
  const problem = useSelect((state) => state.shapeProblem);
  const [attempt, setAttempt] = useState(0);
  const down = useRef<readonly [number, number] | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const show = async (): Promise<void> => {
      const part = await import('./shape-renderer.js').catch(() => undefined);
      if (gone || host.current === null) return;
      if (part === undefined) {
        store.set({ shapeProblem: NOT_LOADED });
        return;
      }
      try {
        renderer.current = part.createShapeRenderer(host.current, (is) => store.set({ shapeProblem: is === 'lost' ? LOST : undefined }));
        const state = store.get();
        renderer.current.show(state.shape, isDark(state));
        store.set({ shapeProblem: undefined });
      } catch {
        store.set({ shapeProblem: NO_WEBGL });
      }
    };
    void show();
    return () => {
      gone = true;
      renderer.current?.dispose();
      renderer.current = undefined;
    };
  }, [store, attempt]);
  useEffect(() => renderer.current?.show(mesh, dark), [mesh, dark]);
  const turn = (x: number, y: number): void => renderer.current?.turn(x, y);
  return (
    <figure class="shape" data-triangles={mesh === undefined ? 0 : mesh.indices.length / 3}>
      <div
        ref={host}
        class="stage"
        role="img"
        tabIndex={0}
        aria-label="The surface of the shape. Arrow keys turn it."
        onKeyDown={(event) => {
          const by = KEYS[event.key];
          if (by === undefined) return;
          event.preventDefault();
          turn(...by);
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          down.current = [event.clientX, event.clientY];
        }}
        onPointerMove={(event) => {
          if (down.current === undefined) return;
          turn((event.clientX - down.current[0]) * 0.01, (event.clientY - down.current[1]) * 0.01);
          down.current = [event.clientX, event.clientY];
        }}
        onPointerUp={() => (down.current = undefined)}
        onPointerCancel={() => (down.current = undefined)}
      />
      {problem !== undefined && <p class="problem">{problem}</p>}
      {problem !== undefined && problem !== NO_WEBGL && <Button label="Draw it again" onPress={() => setAttempt(attempt + 1)} />}
      <figcaption>
        {mesh?.indices.length === 0
          ? 'This network describes an empty space: its distance is nowhere negative.'
          : 'Drag to turn; arrow keys turn it too.'}
      </figcaption>
    </figure>
  );
}

const NOT_LOADED = 'The part of the page that draws shapes did not load. Check the connection, then press "Draw it again".';
const LOST =
  'The graphics card took its memory back. The shape returns by itself when the card gives it again; if it does not, press "Draw it again".';
const NO_WEBGL =
  'Shapes need WebGL, which this browser does not offer. Switch on hardware acceleration in its settings, or use another browser. Everything else works without.';
