import { useEffect, useRef } from 'preact/hooks';

import { isDark } from '../state/state.js';
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
  const down = useRef<readonly [number, number] | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const show = async (): Promise<void> => {
      try {
        const { createShapeRenderer } = await import('./shape-renderer.js');
        if (gone || host.current === null) return;
        renderer.current = createShapeRenderer(host.current, () => store.set({ shapeProblem: NO_WEBGL }));
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
  }, [store]);
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
      <figcaption>
        {mesh?.indices.length === 0
          ? 'This network describes an empty space: its distance is nowhere negative.'
          : 'Drag to turn; arrow keys turn it too.'}
      </figcaption>
    </figure>
  );
}

const NO_WEBGL =
  'Shapes need WebGL, which this browser does not offer. Switch on hardware acceleration in its settings, or use another browser. Everything else works without.';
