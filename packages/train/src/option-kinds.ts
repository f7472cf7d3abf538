import { thing } from '@netspace/prep/internal';
import type { InstanceStore } from '@netspace/zoo';

/** An instance store, as `openInstanceStore` opens it. */
export const instanceStore = thing<InstanceStore>('an instance store', ['list', 'has', 'add', 'load']);
