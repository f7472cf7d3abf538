import { describe, expect, it } from 'vitest';

import { jobOrigin } from './job-key.js';
import { assertSameOrigin } from './same-origin.js';

const tensorflow = { name: 'tensorflow', version: '2.21.0' } as const;
const [plain, exact, rounded] = [
  jobOrigin(tensorflow),
  jobOrigin({ ...tensorflow, precision: 'float32' }),
  jobOrigin({ ...tensorflow, precision: 'bfloat16' }),
];

describe('assertSameOrigin', () => {
  it('refuses a worker of another precision than the build', () => {
    expect(() => assertSameOrigin(exact, rounded)).toThrow(
      /^worker: expected precision bfloat16, as the build has it, got float32; leave --precision out$/,
    );
    expect(() => assertSameOrigin(rounded, exact)).toThrow(/^worker: expected precision float32, as the build has it, got bfloat16/);
    assertSameOrigin(rounded, { ...rounded });
  });
  it('names jobs of float32 as before there was a precision', () => expect(exact).toEqual(plain));
});
