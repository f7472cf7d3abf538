/** What architectures of models are called that nobody gave another name: by a fingerprint of their layers. */
export const isModelName = (name: string): boolean => /^layers-model-[0-9a-f]{13}(-values)?$/.test(name);
