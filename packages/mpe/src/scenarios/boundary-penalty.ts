/** What an agent pays at coordinate `x`: nothing up to 0.9, then more and more, up to 10. The arena ends at 1. */
export function boundaryPenalty(x: number): number {
  if (x < 0.9) return 0;
  if (x < 1) return (x - 0.9) * 10;
  return Math.min(Math.exp(2 * x - 2), 10);
}
