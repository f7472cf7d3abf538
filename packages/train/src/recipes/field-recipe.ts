import { learningRateOption } from '@netspace/model/internal';
import { count, type GivenBy, numberOf, objectOf, oneOf, optional, seed as seedOption, text, withDefault } from '@netspace/prep/internal';

/** Pixels on each side of a picture. */
const side = numberOf('an integer from 2 to 1024', (value) => Number.isInteger(value) && value >= 2 && value <= 1024);

/** See {@link FieldRecipe}. */
export const fieldRecipeOptions = objectOf({
  kind: oneOf(['fields']),
  /**
   * Folder with a file for each network, for the command line, as seen from the recipe: pictures (`.png`, `.jpg`, `.webp`), or tensors with inputs and targets (`.npz`,
   * `.csv`, `.safetensors`). A program passes data sets to `buildFieldZoo` itself.
   */
  fields: optional(text),
  /**
   * Pixels on each side: pictures are cut to a square in the middle, and scaled.
   * @default 64
   */
  size: withDefault(side, 64),
  /**
   * Name of an architecture, as `architectureByName` knows it. Pictures have two coordinates and three colors.
   * @default 'siren-2-64x1-3'
   */
  architecture: withDefault(text, 'siren-2-64x1-3'),
  /**
   * Initial values: `siren` for networks of sines with ω = 30; see `initialize`. All networks begin with the same.
   * @default 'siren'
   */
  scheme: withDefault(oneOf(['pytorch', 'siren']), 'siren'),
  /**
   * Seed of the initial weights and of the order of the inputs.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /**
   * Steps of each fit.
   * @default 1000
   */
  steps: withDefault(count, 1000),
  /**
   * Inputs per step; all of them, if there are fewer.
   * @default 4096
   */
  batchSize: withDefault(count, 4096),
  /**
   * Learning rate of Adam: a number or a schedule.
   * @default 1e-4, as Sitzmann et al. fit pictures
   */
  learningRate: withDefault(learningRateOption, 1e-4),
});

/** A zoo of fields, one network for each picture or file of tensors, as JSON; see `buildFieldZoo`. */
export interface FieldRecipe extends GivenBy<typeof fieldRecipeOptions> {}
