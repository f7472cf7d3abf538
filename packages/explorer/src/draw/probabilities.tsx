export interface Voice {
  readonly name: string;
  readonly probabilities: readonly number[] | undefined;
}

/** With more classes only the likeliest are listed. */
const MOST_CLASSES = 12;

/** What networks say of an image: a row a class, a column a network. */
export function Probabilities({ voices, classes }: { readonly voices: readonly Voice[]; readonly classes: readonly string[] }) {
  const first = voices[0]?.probabilities ?? [];
  const count = Math.max(first.length, classes.length);
  const order = Array.from({ length: count }, (_, i) => i);
  const listed = count <= MOST_CLASSES ? order : order.sort((a, b) => (first[b] ?? 0) - (first[a] ?? 0)).slice(0, MOST_CLASSES);
  return (
    <table class="probabilities">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Class</span>
          </th>
          {voices.map(({ name }) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {listed.map((label) => (
          <tr key={label}>
            <th scope="row">{classes[label] ?? label}</th>
            {voices.map(({ name, probabilities }) => {
              const value = probabilities?.[label];
              const isMost = value !== undefined && value === Math.max(...probabilities!);
              return (
                <td key={name} class={isMost ? 'most' : ''}>
                  <i style={{ width: `${100 * (value ?? 0)}%` }} />
                  <span>{value === undefined ? '' : `${Math.round(100 * value)} %`}</span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
