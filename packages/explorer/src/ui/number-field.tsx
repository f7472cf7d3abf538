import { useState } from 'preact/hooks';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A number from 1 to `max`; others are not taken. What is being typed stays, also when the page is drawn anew beneath it. */
export function NumberField({ label, value, max, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <label class="field small">
      <span>{label}</span>
      <input
        type="number"
        min={1}
        max={max}
        value={typed ?? String(value)}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          if (next >= 1 && next <= max) onChange(next);
          setTyped(undefined);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </label>
  );
}
