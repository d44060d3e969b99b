/** Links and renames rows for libraries that do not. */

/** Gives rows their children by a key. */
export function give(rows, children, property, key) {
  for (const row of rows) row[property] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const child of children) byId.get(child[key])[property].push(child);
}

/** Gives rows their parents by a key. */
export function link(rows, parents, property, key) {
  const byId = new Map(parents.map((parent) => [parent.id, parent]));
  for (const row of rows) row[property] = byId.get(row[key]);
}

/** The values of a key, each once. */
export function keysOf(rows, key) {
  return [...new Set(rows.map((row) => row[key]))];
}

/** A row by the names of its columns instead of its properties. */
export function renamed({ columns }, row) {
  const taken = columns.filter(({ property }) => property in row);
  return Object.fromEntries(taken.map(({ name, property }) => [name, row[property]]));
}

/** The values of an object, each made into another. */
export function each(object, make) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, make(value)]));
}
