/** The median of some numbers, at least one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  return (lower + upper) / 2;
}
