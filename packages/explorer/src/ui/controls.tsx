import type { ComponentChildren } from 'preact';

import { Icon, type IconName } from './icons.js';

interface ButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly kind?: 'plain' | 'primary' | 'quiet';
  /** Shows the icon alone; the label is its name and its tip. */
  readonly bare?: boolean;
}

export function Button({ label, icon, onPress, disabled = false, pressed, kind = 'plain', bare = false }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}${bare ? ' bare' : ''}`}
      onClick={onPress}
      disabled={disabled}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      {...(bare && { 'aria-label': label, title: label })}
    >
      {icon && <Icon name={icon} />}
      {!bare && label}
    </button>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly disabled?: boolean }[];
  readonly onChoose: (value: T) => void;
}

/** A drop-down list with its label before it. */
export function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A few options side by side. */
export function Segments<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          type="button"
          key={option.value}
          aria-pressed={option.value === value}
          disabled={option.disabled ?? false}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

interface RangeProps {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly said: string;
  readonly onInput: (value: number) => void;
  readonly onStart?: () => void;
  readonly onEnd?: () => void;
}

export function Range({ label, name, value, min, max, step, said, onInput, onStart, onEnd }: RangeProps) {
  return (
    <label class="range">
      <span>{label}</span>
      <output>{said}</output>
      <input
        type="range"
        aria-label={name}
        aria-valuetext={said}
        min={min}
        max={max}
        step={step}
        value={value}
        style={{ '--share': `${(100 * (value - min)) / (max - min)}%` }}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
        onPointerDown={() => onStart?.()}
        onPointerUp={() => onEnd?.()}
        onPointerCancel={() => onEnd?.()}
        onKeyDown={(event) => event.repeat && onStart?.()}
        onKeyUp={() => onEnd?.()}
        onBlur={() => onEnd?.()}
      />
    </label>
  );
}

export function Toggle({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}) {
  return (
    <label class="toggle">
      <input type="checkbox" role="switch" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
