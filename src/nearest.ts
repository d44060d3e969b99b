import { closest, distance } from 'fastest-levenshtein';

/** How many names are offered at most for one that is not known. */
const OFFERED = 3;

/**
 * The end of a message about a name that is not known: the name nearest to it, and those that are hardly farther.
 * @returns an empty text where there are no names
 */
export function nearest(name: string, names: Iterable<string>): string {
  const wanted = name.toLowerCase();
  let best: { name: string; away: number }[] = [];
  for (const some of names) {
    const away = distance(wanted, some.toLowerCase());
    const limit = Math.min(best[OFFERED - 1]?.away ?? Number.POSITIVE_INFINITY, (best[0]?.away ?? away) + 2);
    if (away >= limit) continue;
    best = [...best, { name: some, away }].sort((a, b) => a.away - b.away).slice(0, OFFERED);
  }
  const near = best.filter(({ away }) => away <= (best[0]?.away ?? 0) + 1).map((some) => some.name);
  if (near.length === 0) return '';
  return near.length === 1 ? `; the nearest is ${near[0]}` : `; the nearest are ${near.join(', ')}`;
}

/** The name that is nearest to one that is not known, without regard to case. */
export function closestName(name: string, names: readonly string[]): string {
  const lower = names.map((some) => some.toLowerCase());
  return names[lower.indexOf(closest(name.toLowerCase(), lower))] ?? '';
}
