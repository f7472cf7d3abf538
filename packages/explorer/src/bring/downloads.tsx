import { copy, downloadNetwork } from '../live/files/download.js';
import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import type { Place } from '../worker/messages/protocol.js';
import { snippetsFor } from './snippets.js';

/** The network that is shown, as files, and the lines that load them. */
export function Downloads({ place }: { readonly place: Place }) {
  const page = usePage();
  const classId = useSelect(({ look }) => look?.classId);
  const architectures = useSelect(({ opened }) => opened?.architectures);
  const isClassifier = useSelect(({ opened }) => opened?.manifest.kind === 'classifier');
  const architecture = classId === undefined ? undefined : architectures?.[classId]?.name;
  const { typescript, python, tfjs } = snippetsFor(architecture ?? '');
  return (
    <details class="fold">
      <summary>Take this network with you</summary>
      <div class="row">
        <Button
          label="safetensors"
          disabled={architecture === undefined}
          onPress={() => void downloadNetwork(page, place, 'safetensors')}
        />
        {isClassifier && (
          <Button
            label="TensorFlow.js model"
            disabled={architecture === undefined}
            onPress={() => void downloadNetwork(page, place, 'tfjs')}
          />
        )}
      </div>
      <Snippet name="TypeScript" code={typescript} />
      <Snippet name="Python" code={python} />
      {isClassifier && <Snippet name="TensorFlow.js" code={tfjs} />}
    </details>
  );
}

function Snippet({ name, code }: { readonly name: string; readonly code: string }) {
  const page = usePage();
  return (
    <div class="snippet">
      <span>{name}</span>
      <Button kind="quiet" label={`Copy ${name}`} onPress={() => void copy(page, code, `${name} code`)} />
      <pre tabIndex={0}>{code}</pre>
    </div>
  );
}
