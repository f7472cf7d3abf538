import { FIRST_STATE, type State, type Undoable, type View } from './state.js';

/** How many steps undo goes back. */
const UNDO_STEPS = 200;
/** Changes of one gesture within so many milliseconds of each other are undone together. */
const GESTURE_MS = 1200;

/** The page's only state: read with `get`, changed by `set` and `change`, watched by `subscribe`. */
export interface Store {
  get(): State;
  /** Sets what is computed, which undo leaves alone. */
  set(change: Partial<State>): void;
  /**
   * Changes what the visitor sees. Undo brings back what was before; changes with one `gesture`, such as those of a drag, count as one.
   * `gesture: undefined` with `undo: false` (play, the first view) leaves no trace.
   */
  change(view: Partial<View>, options?: ChangeOptions): void;
  undo(): void;
  redo(): void;
  /** @returns stops watching */
  subscribe(listener: () => void): () => void;
}

export interface ChangeOptions {
  readonly gesture?: string;
  /** Names one drag: its changes count as one however far apart they come, as they do on a slow machine. */
  readonly drag?: string;
  readonly undo?: boolean;
  readonly pad?: State['pad'];
}

export function createStore(first: Partial<State> = {}, now: () => number = () => performance.now()): Store {
  let state: State = { ...FIRST_STATE, ...first };
  let last: { readonly gesture: string; readonly at: number } | undefined;
  const listeners = new Set<() => void>();
  const become = (next: State): void => {
    if (next === state) return;
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const travel = (from: 'past' | 'future', to: 'past' | 'future'): void => {
    const target = state[from].at(-1);
    if (target === undefined) return;
    last = undefined;
    // Undo is of what one looks at; a theme or runtime that one chose since stays.
    const view = { ...target.view, theme: state.view.theme, runtime: state.view.runtime };
    become({ ...state, ...target, view, [from]: state[from].slice(0, -1), [to]: [...state[to], undoable(state)], playing: false });
  };
  return {
    get: () => state,
    set: (change) => become({ ...state, ...change }),
    change(view, options = {}) {
      const { drag, gesture = drag, undo = true } = options;
      const at = now();
      const continues = gesture !== undefined && last?.gesture === gesture && (drag !== undefined || at - last.at < GESTURE_MS);
      last = gesture === undefined ? undefined : { gesture, at };
      const past = !undo || continues ? state.past : [...state.past, undoable(state)].slice(-UNDO_STEPS);
      const pad = 'pad' in options ? options.pad : state.pad;
      become({ ...state, view: { ...state.view, ...view }, pad, past, future: undo ? [] : state.future });
    },
    undo: () => travel('past', 'future'),
    redo: () => travel('future', 'past'),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const undoable = ({ view, pad }: State): Undoable => ({ view, pad });
