import { flag, objectOf, optional, type UsedBy, whole } from '@netspace/prep/internal';

/** The option `augment` of a recipe: crops by up to `padding` pixels and, with `flip`, mirrors. */
export const augmentation = objectOf({ padding: optional(whole), flip: optional(flag) });

/** Without the keys that are undefined, so that the defaults of `augmentedImageBatch` hold. */
export const given = ({ padding, flip }: UsedBy<typeof augmentation>) => ({
  ...(padding !== undefined && { padding }),
  ...(flip !== undefined && { flip }),
});
