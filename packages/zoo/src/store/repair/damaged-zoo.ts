/** What to do with a zoo whose files do not belong together. */
export const DAMAGED_ZOO =
  'copy its files again, or take what is whole into a new zoo: netspace zoo recover, or recoverInstances of @netspace/zoo';
