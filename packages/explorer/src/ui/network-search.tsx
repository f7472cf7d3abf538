import { useRef } from 'preact/hooks';

import { usePage, useSelect } from './page-context.js';
import { architectureLabel, shortened } from './words.js';

interface NetworkSearchProps {
  readonly id: string;
  readonly label: string;
  /** What is shown while nothing is typed. */
  readonly shown: string;
  readonly onChoose: (name: string) => void;
}

const MOST_FOUND = 8;
/** Letters that fit at 390 pixels. */
const MOST_SHOWN = 25;

/** A box that finds networks by parts of their names. */
export function NetworkSearch({ id, label, shown, onChoose }: NetworkSearchProps) {
  const { store } = usePage();
  const search = useSelect((state) => (state.search?.id === id ? state.search : undefined));
  const networks = useSelect(({ opened }) => opened?.manifest.networks);
  const input = useRef<HTMLInputElement>(null);
  const words = (search?.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = search === undefined ? [] : (networks ?? []).filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, MOST_FOUND); // prettier-ignore
  const active = Math.min(search?.active ?? 0, found.length - 1);
  const type = (text: string, next = 0): void => store.set({ search: { id, text, active: next } });
  const close = (): void => {
    if (store.get().search?.id === id) store.set({ search: undefined });
  };
  const choose = (name: string): void => {
    close();
    onChoose(name);
    input.current?.blur();
  };
  return (
    <div class="search">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={search !== undefined}
        aria-controls={`${id}-found`}
        aria-autocomplete="list"
        aria-activedescendant={search !== undefined && active >= 0 ? `${id}-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={shortened(shown, MOST_SHOWN)}
        title={shown}
        value={search?.text ?? ''}
        onFocus={() => type('')}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={close}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) type(search?.text ?? '', (active + step + found.length) % Math.max(1, found.length));
          else if (event.key === 'Enter' && found[active] !== undefined) choose(found[active].name);
          else if (event.key === 'Escape' && search !== undefined) close();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <ul id={`${id}-found`} role="listbox" aria-label={`${label}: networks found`} hidden={search === undefined}>
        {found.map(({ name, architecture, heldOut }, i) => (
          // Before the blur that closes the list.
          <li
            key={name}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(name);
            }}
          >
            <span>{name}</span>
            <span class="soft">
              {architectureLabel(architecture)}
              {heldOut && ' · held out'}
            </span>
          </li>
        ))}
        {search !== undefined && found.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled="true" class="soft">
            No network is called like that
          </li>
        )}
      </ul>
    </div>
  );
}
