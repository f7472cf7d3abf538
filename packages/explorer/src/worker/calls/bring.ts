import { disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';

import { MANIFEST_NAME } from '../../folder/manifest.js';
import { instanceFromFiles } from '../bring/instance-from-files.js';
import { decodeAt } from '../places/decode-at.js';
import { unzip } from '../files/unzip.js';
import { isRunnable } from '../places/is-runnable.js';
import { paintPRep } from '../paint-prep.js';
import { onPlane } from '../plane/principal-plane.js';
import type { Brought, Calls, DroppedFile } from '../messages/protocol.js';
import { answersOn, spreadOver } from '../images/run-on-sample.js';
import type { BroughtNetwork, Session } from '../session.js';

const PICTURE = { width: 480, height: 96 };
const IMAGES = 500;
/** Of more, the oldest can no longer be refined: each takes as much memory as a PRep. */
const MOST_BROUGHT = 16;

/** Puts a visitor's network on the map and compares it with what the space makes of it. */
export async function bring(session: Session, { id, files: dropped }: Calls['bring']['request']): Promise<Brought> {
  const files = await unpacked(dropped);
  if (files.some(({ name }) => name === MANIFEST_NAME || name.endsWith(`/${MANIFEST_NAME}`))) {
    throw new NetSpaceError('INVALID_OPTION', `bring: expected a network, got a whole space with ${MANIFEST_NAME}; open it instead`);
  }
  if (files.some((file) => /(^|\/)space\.json$/.test(file.name))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `bring: expected a network or an exported space, got a space without ${MANIFEST_NAME}; write it with netspace export, and drop that folder`,
    );
  }
  const { instance, name } = await instanceFromFiles(session.space.architectures, files);
  try {
    return await placed(session, id, name, instance);
  } finally {
    disposeInstances([instance]);
  }
}

async function placed(session: Session, id: string, name: string, instance: Instance): Promise<Brought> {
  const { space, dataset } = session;
  const { architecture } = instance;
  const { preps } = space.pack([instance]);
  const encoded = space.encode([instance]);
  const embedding = new Float32Array(await encoded.data());
  const targetValues = await preps.data<'float32'>();
  encoded.dispose();
  preps.dispose();
  const decoded = await decodeAt(session, embedding);
  try {
    const [x, y] = onPlane(session.plane, embedding);
    const predictedValues = await decoded.prep.data<'float32'>();
    const { prepShape } = space.config;
    const runs = dataset !== undefined && isRunnable(architecture) && isRunnable(decoded.network.architecture);
    const measured = runs ? await compared(instance, decoded.network, dataset) : {};
    session.kept.set(id, embedding);
    keepNetwork(session, id, { classId: space.classIdOf(instance), prep: targetValues });
    return {
      ...{ id, name, architecture: architecture.name, x, y, predictedClassId: decoded.classId, ...measured },
      classId: space.classIdOf(instance),
      target: paintPRep(targetValues, prepShape, architecture.parameters, PICTURE),
      predicted: paintPRep(predictedValues, prepShape, decoded.network.architecture.parameters, PICTURE),
    };
  } finally {
    decoded.dispose();
  }
}

function keepNetwork({ brought }: Session, id: string, network: BroughtNetwork): void {
  brought.set(id, network);
  for (const oldest of brought.keys()) if (brought.size > MOST_BROUGHT) brought.delete(oldest);
}

async function compared(target: Instance, predicted: Instance, dataset: NonNullable<Session['dataset']>) {
  const indices = spreadOver(dataset, IMAGES);
  const own = await answersOn(target, dataset, indices);
  const its = await answersOn(predicted, dataset, indices);
  const same = own.said.reduce((sum, said, i) => sum + Number(said >= 0 && said === its.said[i]), 0);
  return { targetAccuracy: own.accuracy, predictedAccuracy: its.accuracy, agreement: same / indices.length };
}

/** A zip holds the files of a model; a PyTorch checkpoint is a zip too, and stays as it is. */
async function unpacked(files: readonly DroppedFile[]): Promise<readonly DroppedFile[]> {
  const [only] = files;
  return files.length === 1 && only !== undefined && /\.zip$/i.test(only.name) ? unzip(only) : files;
}

// Of the part of the page that reads models: what two parts need would be loaded by every visitor.
export { architectureFromModelFile } from '@netspace/zoo/internal';
