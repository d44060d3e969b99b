import type { EntityMetadata } from 'typeorm';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../../entities/snake-case.js';
import { isDeclaredBy } from './columns.js';
import { attribute, call, text } from './python.js';

/** The relations of all classes, as lines by the names of the classes. Where the model has one side only, the other is added. */
export function relationLines(classes: readonly EntityMetadata[]): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>(classes.map(({ name }) => [name, []]));
  const taken = new Set(
    classes.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.databaseName}`)),
  );
  const declared = classes.flatMap((entity) =>
    entity.relations
      .filter((relation) => isDeclaredBy(relation, entity))
      .map((relation) => ({ entity, relation })),
  );
  for (const { entity, relation } of declared)
    taken.add(`${entity.name}.${snakeCase(relation.propertyName)}`);
  for (const { entity, relation } of declared) {
    const other = relation.inverseEntityMetadata;
    const inverse = relation.inverseRelation?.propertyName;
    const added = inverse ? undefined : addedInverse(entity, relation, declared, taken);
    lines.get(entity.name)?.push(line(entity, relation, inverse ? snakeCase(inverse) : added));
    if (added) lines.get(other.name)?.push(inverseLine(entity, relation, added));
  }
  return lines;
}

interface Declared {
  readonly entity: EntityMetadata;
  readonly relation: RelationMetadata;
}

/** The added inverse side, such as `telescopes` of an observatory, where a class has one relation to the other. */
function addedInverse(
  entity: EntityMetadata,
  { isManyToOne, isManyToManyOwner, inverseEntityMetadata: other }: RelationMetadata,
  declared: readonly Declared[],
  taken: ReadonlySet<string>,
): string | undefined {
  if (!(isManyToOne || isManyToManyOwner) || other.tableName === entity.tableName) return undefined;
  const same = declared.filter(
    ({ entity: owner, relation }) =>
      owner === entity && relation.inverseEntityMetadata === other && relation.isManyToOne === isManyToOne,
  );
  const name = plural(snakeCase(entity.name));
  return same.length === 1 && !taken.has(`${other.name}.${name}`) ? name : undefined;
}

function plural(name: string): string {
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function line(entity: EntityMetadata, relation: RelationMetadata, backwards: string | undefined): string {
  const { propertyName, isManyToMany, isManyToOne, isOneToOneOwner, isOneToMany, junctionEntityMetadata } =
    relation;
  const other = relation.inverseEntityMetadata.name;
  const name = attribute(snakeCase(propertyName));
  const isOptional = relation.isNullable || !(isManyToOne || isOneToOneOwner);
  const parameters = [text(other)];
  if (isManyToMany) {
    parameters.push(`secondary=${text(junctionEntityMetadata?.tableName as string)}`);
    // The database enforces the rules for deletion.
    if (!relation.isManyToManyOwner) parameters.push('viewonly=True');
  } else {
    const owner = isManyToOne || isOneToOneOwner ? { entity, relation } : ownerOf(relation);
    parameters.push(`primaryjoin=${text(join(owner.entity, owner.relation))}`, ...rules(relation, backwards));
  }
  const annotation =
    isManyToMany || isOneToMany ? `List["${other}"]` : isOptional ? `Optional["${other}"]` : `"${other}"`;
  return `    ${name}: Mapped[${annotation}] = ${call('relationship', parameters, '    ')}`;
}

function rules(relation: RelationMetadata, backwards: string | undefined): string[] {
  const { joinColumns, isOneToMany, isOneToOne, isOneToOneOwner } = relation;
  // Such a relation shares its columns with another one, which writes them.
  if (joinColumns.length > 1 || (relation.inverseRelation?.joinColumns.length ?? 0) > 1)
    return ['viewonly=True'];
  return [
    backwards ? `back_populates=${text(backwards)}` : '',
    isOneToMany || (isOneToOne && !isOneToOneOwner) ? 'passive_deletes="all"' : '',
    isOneToOne && !isOneToOneOwner ? 'uselist=False' : '',
  ].filter(Boolean);
}

function inverseLine(entity: EntityMetadata, relation: RelationMetadata, name: string): string {
  const { propertyName, isManyToMany, junctionEntityMetadata } = relation;
  const parameters = isManyToMany
    ? [`secondary=${text(junctionEntityMetadata?.tableName as string)}`, 'viewonly=True']
    : [
        `primaryjoin=${text(join(entity, relation))}`,
        `back_populates=${text(attribute(snakeCase(propertyName)))}`,
        'passive_deletes="all"',
      ];
  const value = call('relationship', [text(entity.name), ...parameters], '    ');
  return `    ${name}: Mapped[List["${entity.name}"]] = ${value}`;
}

function ownerOf(relation: RelationMetadata): { entity: EntityMetadata; relation: RelationMetadata } {
  return { entity: relation.inverseEntityMetadata, relation: relation.inverseRelation as RelationMetadata };
}

/** The condition under which two rows belong together; `remote` tells the sides apart where both are of one table. */
function join(
  entity: EntityMetadata,
  { joinColumns, inverseEntityMetadata: other }: RelationMetadata,
): string {
  const terms = joinColumns.map(({ databaseName, referencedColumn }) => {
    const own = `foreign(${entity.name}.${databaseName})`;
    const target = `${other.name}.${referencedColumn?.databaseName}`;
    return `${own} == ${entity.tableName === other.tableName ? `remote(${target})` : target}`;
  });
  return terms.length === 1 ? (terms[0] as string) : `and_(${terms.join(', ')})`;
}
