/**
 * A graph of rows in one round trip to PostgreSQL: the statement of each relation finds the keys of its rows in a setting
 * of the transaction, where the statement before it has left them.
 */
import type { DataSource, EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isLeft, listOf, settingOfKeys } from '../../database/left-keys.js';
import { readTogether } from '../../database/read-runner.js';
import { type Row, Statement } from '../../database/statement.js';
import { selectedColumns } from './hydrator.js';
import type { Bound } from './reader.js';
import { type Link, linkOf, type RelationTree } from './relations.js';

/** A relation of the graph. */
interface Node {
  readonly link: Link;
  /** The place in the list of nodes of the one that it hangs on; -1 for the root. */
  readonly on: number;
}

/**
 * Reads rows and all that hangs on them from one state of the database.
 * @param root selects the columns of the entity in their order
 * @param hydrate makes the instances of the root, which are returned with their relations in place
 */
export async function readGraph(
  manager: EntityManager,
  metadata: EntityMetadata,
  root: Bound,
  tree: RelationTree,
  hydrate: (row: Row) => ObjectLiteral,
): Promise<ObjectLiteral[]> {
  const { dataSource } = manager;
  const nodes = nodesOf(dataSource, tree);
  const statements = [
    withKeys(dataSource, root, metadata, keysFor(nodes, -1)),
    ...nodes.map(({ link }, at) =>
      withKeys(dataSource, rowsOf(dataSource, link, at), link.target, keysFor(nodes, at)),
    ),
  ];
  const answers = await readTogether(
    manager,
    statements.map(({ text, isKept, parameters }) => [new Statement(text, isKept), parameters] as const),
  );
  const [rows, ...related] = answers.map((all, at) =>
    keysFor(nodes, at - 1).length > 0 ? all.slice(0, -1) : all,
  );
  const instances = (rows as Row[]).map(hydrate);
  const found: ObjectLiteral[][] = [];
  for (const [at, { link, on }] of nodes.entries())
    found.push(link.put(found[on] ?? instances, related[at] as Row[]));
  return instances;
}

function nodesOf(dataSource: DataSource, tree: RelationTree, on = -1, nodes: Node[] = []): Node[] {
  for (const [relation, deeper] of tree) {
    const at = nodes.push({ link: linkOf(dataSource, relation), on }) - 1;
    nodesOf(dataSource, deeper, at, nodes);
  }
  return nodes;
}

/** A key that a statement leaves for one that comes after it. */
interface Key {
  readonly setting: string;
  readonly column: ColumnMetadata;
  readonly isShared: boolean;
}

function settingOf(at: number): string {
  return `keys_${at}`;
}

function keysFor(nodes: readonly Node[], on: number): Key[] {
  return nodes.flatMap((node, at) =>
    node.on === on ? [{ setting: settingOf(at), column: node.link.key, isShared: node.link.isShared }] : [],
  );
}

/** Stands for the name of the setting in a text that is made once for a relation. */
const SETTING = 'keys';

const texts = new WeakMap<Link, Omit<Bound, 'isKept'>>();

/** The rows of a relation whose keys are in the setting of its place. */
function rowsOf(dataSource: DataSource, link: Link, at: number): Bound {
  const known = texts.get(link) ?? newText(dataSource, link);
  texts.set(link, known);
  return {
    ...known,
    text: known.text.replace(`'opsdb.${SETTING}'`, `'opsdb.${settingOf(at)}'`),
    isKept: true,
  };
}

function newText({ driver }: DataSource, { query, key }: Link): Omit<Bound, 'isKept'> {
  const type = driver.normalizeType(key);
  const [text, parameters] = query((column) => isLeft(column, SETTING, type)).getQueryAndParameters();
  return { text, parameters };
}

/**
 * A statement that leaves keys of its rows in settings of the transaction, while its rows are on their way: behind them comes one more
 * row, and behind their columns one more column.
 */
function withKeys(
  { driver }: DataSource,
  bound: Bound,
  metadata: EntityMetadata,
  keys: readonly Key[],
): Bound {
  if (keys.length === 0) return bound;
  const columns = selectedColumns(metadata);
  const left = keys.map(({ setting, column, isShared }) => {
    const place = columns.findIndex(({ databaseName }) => databaseName === column.databaseName);
    const rows = `SELECT ${isShared ? 'DISTINCT ' : ''}c${place} AS id FROM found`;
    const list = listOf('id', driver.normalizeType(column));
    return `length(${settingOfKeys(setting, `SELECT ${list} FROM (${rows}) key`)})`;
  });
  const names = columns.map((_, place) => `c${place}`);
  const text = `WITH found (${names.join(', ')}) AS MATERIALIZED (${bound.text})
    SELECT found.*, CAST(NULL AS integer) FROM found
    UNION ALL SELECT found.*, length FROM (SELECT ${left.join(' + ')}) AS left_keys (length) LEFT JOIN found ON FALSE`;
  return { ...bound, text };
}
