import { evaluateSpace, type RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ReportData } from '@netspace/report';
import type { LabeledDataset, StoredInstance } from '@netspace/zoo';

import type { CommandContext } from '../command-context.js';
import type { EvaluatedPlace } from '../evaluation/evaluated-place.js';
import { changeSection, haveOwnSeeds, namesNearGuess, verdictOnClassifiers, refinedWords } from '../evaluation/evaluation-verdict.js';
import { networkProgress } from '../output/network-progress.js';
import { classIdSection, comparisonSection, diversitySection } from './classifier-sections.js';
import { refinementSection } from './refinement-section.js';
import type { HeldOut } from './held-out.js';
import { pictureOf, picturesWords, type TitledPicture } from './prep-picture.js';

export interface ClassifierReportInputs {
  readonly space: NetSpace;
  readonly entries: readonly StoredInstance[];
  readonly dataset: LabeledDataset;
  /** The output that is compared, of networks of several. */
  readonly head: { readonly output?: string };
  readonly limit?: number | undefined;
  readonly held: HeldOut;
  readonly place: EvaluatedPlace;
  readonly refine: RefinementOptions | undefined;
}

export type ReportPart = Pick<ReportData, 'headline' | 'sections'> & { readonly result: Readonly<Record<string, unknown>>; readonly remarks: readonly string[] }; // prettier-ignore

/** Runs each network and its prediction on the images. Each is encoded once. */
export async function reportOnClassifiers(
  { space, entries, dataset, head, limit, held, place, refine }: ClassifierReportInputs,
  context: CommandContext,
): Promise<ReportPart> {
  const names = space.architectures.map(({ name }) => name);
  const bar = networkProgress('report', { names: entries.map(({ name }) => name), refine: refine?.steps }, context);
  const firsts = new Set(names.map((name) => entries.findIndex(({ instance }) => instance.architecture.name === name)));
  const pictures: TitledPicture[][] = []; // by ClassId
  const measuring = evaluateSpace(space, entries, dataset, {
    ...{ ...head, ...(limit !== undefined && { limit }), ...(refine !== undefined && { refine: { ...refine, onStep: bar.onStep } }) },
    signal: context.signal,
    onStep: () => bar.ended(),
    async onPredicted(predicted, index) {
      const { name, instance } = entries[index]!;
      if (!firsts.has(index)) return;
      pictures[space.classIdOf(instance)] = [
        await pictureOf(space, name, instance, 'target'),
        await pictureOf(space, name, predicted, 'predicted'),
      ];
    },
  });
  const { instances, summary, diversity, remarks, refined } = await bar.until(measuring, 'no report is written');
  const isJudged = ({ name }: { readonly name: string }): boolean => held.names.size === 0 || held.names.has(name);
  const judged = instances.filter(isJudged);
  const found = {
    instances,
    diversity,
    remarks,
    refined,
    heldOut: held.names,
    ownSeeds: haveOwnSeeds(entries.map(({ record }) => record)),
    space,
    place,
  };
  const verdict = verdictOnClassifiers({ ...found, nearGuess: namesNearGuess(entries) });
  return {
    headline: verdict.figures,
    sections: [
      diversitySection(diversity, [
        held.words,
        ...refinedWords(verdict),
        ...(verdict.apart === undefined ? [] : [verdict.apart]),
        ...remarks,
      ]),
      ...changeSection(verdict),
      comparisonSection(instances, { data: dataset.name, names, held }),
      ...(refined === undefined ? [] : [refinementSection(judged, refined.instances.filter(isJudged), refine!.steps!)]),
      ...classIdSection(instances, names),
      {
        title: 'Parameters (PReps)',
        text: [
          'A PRep is the matrix that holds the parameters of one network: blue below zero, white at zero, red above, gray where it is padding. One network of each architecture, beside its prediction. Pictures that look alike need not compute the same.',
          ...picturesWords(verdict),
        ],
        figures: [{ kind: 'pictures', layout: 'rows', pictures: pictures.flat() }],
      },
    ],
    result: { summary, diversity, ...(refined && { refined: refined.summary }) },
    remarks,
  };
}
