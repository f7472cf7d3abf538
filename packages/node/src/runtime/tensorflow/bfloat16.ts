import { readFileSync } from 'node:fs';

/** The instructions for bfloat16, one of which a processor must have: as Linux lists them. */
const INSTRUCTIONS = ['avx512_bf16', 'amx_bf16'] as const;

/**
 * Why products in bfloat16 cannot be fast, or be at all, on this processor; undefined if they can.
 *
 * @param listed the contents of `/proc/cpuinfo`; undefined where there is none
 */
export function bfloat16Problem(listed: string | undefined = cpuInfo()): string | undefined {
  const wanted = INSTRUCTIONS.join(' or ');
  if (listed === undefined)
    return `a processor with ${wanted}, which only Linux lists in /proc/cpuinfo; this system is ${process.platform}`;
  const flags = new Set(/^flags\s*:(.*)$/m.exec(listed)?.[1]?.trim().split(/\s+/));
  if (INSTRUCTIONS.some((instruction) => flags.has(instruction))) return undefined;
  return `a processor with ${wanted}; /proc/cpuinfo lists neither`;
}

function cpuInfo(): string | undefined {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return undefined;
  }
}
