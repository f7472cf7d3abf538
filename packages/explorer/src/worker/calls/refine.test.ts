import '@tensorflow/tfjs';
import { occupancyIou } from '@netspace/shapes';
import { type SmallSession, smallSession } from '@netspace/testing/explorer/session';
import { accuracy, createImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';

import type { Session } from '../session.js';
import type { RefineStep } from '../refinement.js';
import { keep } from './keep.js';
import { refine } from './refine.js';
import { survey } from './survey.js';

const never = new AbortController().signal;
let small: SmallSession;
afterEach(() => small.dispose());

/** Puts a network of the map beside it, as if a visitor had brought it. */
async function bringFirst({ session, instances }: SmallSession, at: number): Promise<void> {
  const { preps } = session.space.pack([instances[at]!]);
  session.brought.set('mine', { classId: 0, prep: new Float32Array(await preps.data()) });
  session.kept.set('mine', session.embeddings.slice(at * session.size, (at + 1) * session.size));
  preps.dispose();
}

const networkAt = async ({ session }: SmallSession, id: string) => {
  const embedding = tf.tensor2d(session.kept.get(id)!, [1, session.size]);
  const [network] = await session.space.instantiate(embedding);
  embedding.dispose();
  return network!;
};

describe('refine', () => {
  it('comes nearer to a shape, and says how alike both are: as an overlap of the networks themselves', async () => {
    small = await smallSession('sdf');
    await bringFirst(small, 1);
    const before = tf.memory().numTensors;
    const steps: RefineStep[] = [];
    const found = await refine(small.session, { of: { at: 'kept', id: 'mine' }, steps: 12, id: 'r' }, { signal: never, progress: (step) => steps.push(step) }); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before);
    expect(steps).toHaveLength(13);
    const mean = (some: readonly RefineStep[]): number => some.reduce((sum, { loss }) => sum + loss, 0) / some.length;
    expect(mean(steps.slice(-3))).toBeLessThan(mean(steps.slice(0, 3)));
    expect(found).toMatchObject({ id: 'r', steps: 12 });
    for (const [id, { iou }] of [['mine', found.encoded], ['r', found.refined]] as const) {
      const network = await networkAt(small, id);
      expect(iou).toBeCloseTo(await occupancyIou(small.instances[1]!, network, { resolution: 24 }), 6);
      tf.dispose([...network.parameters]);
    } // prettier-ignore
  });

  it('starts at the closest embedding that the space learned with', async () => {
    small = await smallSession('sdf');
    await bringFirst(small, 1);
    const request = (steps: number, id: string) => ({ of: { at: 'kept', id: 'mine' }, steps, id }) as const;
    const first = async (session: Session): Promise<number> => {
      const losses: number[] = [];
      await refine(session, request(1, 'x'), { signal: never, progress: ({ loss }) => losses.push(loss) });
      return losses[0]!;
    };
    await refine(small.session, request(40, 'near'), { signal: never, progress: () => undefined });
    const known = Float32Array.from([...small.session.embeddings.slice(0, small.session.size), ...small.session.kept.get('near')!]);
    const before = tf.memory().numTensors;
    expect(await first({ ...small.session, known })).toBeLessThan(await first(small.session));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('measures classifiers on images that no step saw', async () => {
    small = await smallSession('classifier');
    await bringFirst(small, 2);
    const before = tf.memory().numTensors;
    const found = await refine(small.session, { of: { at: 'kept', id: 'mine' }, steps: 1, id: 'r' }, { signal: never, progress: () => undefined }); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before);
    const { dataset } = small.session;
    const odd = [...dataset!.labels.keys()].filter((i) => i % 2 === 1);
    const unseen = createImageDataset({ ...dataset!, images: Uint8Array.from(odd.flatMap((i) => [...dataset!.images.slice(784 * i, 784 * (i + 1))])), labels: Uint8Array.from(odd, (i) => dataset!.labels[i]!) }); // prettier-ignore
    const network = await networkAt(small, 'r');
    expect([found.images, found.targetAccuracy, found.refined.accuracy]).toEqual([
      10,
      await accuracy(small.instances[2]!, unseen),
      await accuracy(network, unseen),
    ]);
    expect(found.refined.agreement).toBeGreaterThanOrEqual(0);
    tf.dispose([...network.parameters]);
  });

  it('answers with what it had reached when it is stopped', async () => {
    small = await smallSession('sdf');
    await bringFirst(small, 1);
    const abort = new AbortController();
    const progress = ({ step }: RefineStep): void => {
      if (step === 3) abort.abort();
    };
    const found = await refine(small.session, { of: { at: 'kept', id: 'mine' }, steps: 500, id: 'r' }, { signal: abort.signal, progress });
    expect(found.steps).toBe(3);
    expect(small.session.kept.get('r')).not.toEqual(small.session.kept.get('mine'));
  });

  it.each([
    [{ at: 'kept', id: 'gone' }, 5, 'NOT_FOUND'],
    [{ at: 'network', name: 'a' }, 5, 'NOT_FOUND'],
    [{ at: 'kept', id: 'mine' }, 0, 'INVALID_OPTION'],
    [{ at: 'kept', id: 'mine' }, 1e9, 'INVALID_OPTION'],
  ] as const)('refuses %j with %s steps', async (of, steps, code) => {
    small = await smallSession('sdf');
    await bringFirst(small, 1);
    await expect(refine(small.session, { of, steps, id: 'r' }, { signal: never, progress: () => undefined })).rejects.toMatchObject({
      code,
    });
  });
});

describe('keep', () => {
  it('keeps a place of a link, and refuses those of another space', async () => {
    small = await smallSession('sdf');
    const { session } = small;
    const place = session.embeddings.slice(0, session.size);
    const { x, y } = keep(session, { id: 'linked', embedding: place });
    expect(session.kept.get('linked')).toEqual(place);
    const [measured] = await survey(session, { places: [{ at: 'kept', id: 'linked' }], images: 1 }, { signal: never, progress: () => undefined }); // prettier-ignore
    expect(measured).toEqual({ classId: 0, classIdProbabilities: [1] });
    expect(Number.isFinite(x + y)).toBe(true);
    expect(() => keep(session, { id: 'x', embedding: place.slice(1) })).toThrow(/expected \d+ numbers of a place, got \d+; open the link with the space/); // prettier-ignore
    expect(() => keep(session, { id: 'x', embedding: place.map(() => NaN) })).toThrow(/expected \d+ numbers/);
  });
});

describe('survey', () => {
  it('measures as many places as it is asked for, and no more than its limit', async () => {
    small = await smallSession('classifier');
    const done: number[] = [];
    const places = (['a', 'b'] as const).map((name) => ({ at: 'network', name }) as const);
    const measured = await survey(small.session, { places, images: 20 }, { signal: never, progress: (one) => done.push(one.done) });
    expect(done).toEqual([0.5, 1]);
    const [first] = await small.session.space.instantiate(tf.tensor2d(small.session.embeddings.slice(0, small.session.size), [1, small.session.size])); // prettier-ignore
    expect(measured[0]!.accuracy).toBeCloseTo(await accuracy(first!, small.session.dataset!), 6);
    const many = Array.from({ length: 1001 }, () => places[0]!);
    await expect(survey(small.session, { places: many, images: 1 }, { signal: never, progress: () => undefined })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' }); // prettier-ignore
    tf.dispose([...first!.parameters]);
  });
});
