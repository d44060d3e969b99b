import type { EntityMetadata } from 'typeorm';
import { ownTables } from '../../database/own-tables.js';
import { describeModel, type EnumReference, type TableReference } from '../reference/model.js';
import { postgresqlModel } from '../reference/statements.js';
import { columnLine, columnsOf, rule } from './columns.js';
import { methodsOf } from './methods.js';
import { attribute, call, docstring, text } from './python.js';
import { relationLines } from './relations.js';
import { template } from './template.js';

/** The module of Python with a declarative class of SQLAlchemy for each entity. */
export async function sqlalchemyModels(version: string): Promise<string> {
  const dataSource = await postgresqlModel();
  const { tables, enums } = describeModel(dataSource);
  const metadata = ownTables(dataSource);
  const byTable = new Map(metadata.map((each) => [each.tableName, each]));
  const familyOf = (entity: EntityMetadata) => {
    const root = entity.parentEntityMetadata ?? entity;
    return [root, ...root.childEntityMetadatas];
  };
  const classes = tables.flatMap(({ name, classes: members }) =>
    members.length > 0 ? familyOf(byTable.get(name) as EntityMetadata) : [],
  );
  const relations = relationLines(classes);
  const described = tables.map((table) => {
    const entity = byTable.get(table.name) as EntityMetadata;
    if (table.classes.length === 0) return junction(entity, table);
    return familyOf(entity)
      .map((each) => classText(each, table, enums, relations.get(each.name) ?? []))
      .join('\n\n\n');
  });
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ enumName }) => enumName)));
  return `${[
    docstring(
      `The model of ccat-ops-db ${version} for SQLAlchemy 1.4 and 2. Written by \`opsdb schema --sqlalchemy\`; do not edit. ` +
        'The tables, with their rules, are made by `opsdb init` and changed by `opsdb migrate`, not from these classes.',
      '',
    ),
    template('prelude.py').trim(),
    ...enums.filter(({ name }) => used.has(name)).map(enumText),
    ...described,
  ].join('\n\n\n')}\n`;
}

function enumText({ name, summary, values }: EnumReference): string {
  const members = Object.entries(values).map(([member, value]) => `    ${member} = ${text(value)}`);
  return `class ${name}(str, enum.Enum):\n${docstring(summary, '    ')}\n\n${members.join('\n')}`;
}

/** A table that only links two others. */
function junction(entity: EntityMetadata, { name, columns, foreignKeys, purpose }: TableReference): string {
  const lines = columns.map((column) => {
    const key = foreignKeys.find(
      (each) => each.columns[0] === column.name,
    ) as TableReference['foreignKeys'][number];
    const type = column.type === 'uuid' ? 'Uuid' : 'Integer';
    const reference = `ForeignKey(${text(`${key.to}.id`)}, name=${text(key.name)}${rule(key.onDelete)})`;
    const comment = entity.columns.find(({ databaseName }) => databaseName === column.name)?.comment;
    const own = ['primary_key=True', ...(comment ? [`comment=${text(comment)}`] : [])];
    return `Column(${[text(column.name), type, reference, ...own].join(', ')})`;
  });
  const comment = purpose ? [`comment=${text(purpose)}`] : [];
  return call(`${name} = Table`, [text(name), 'Base.metadata', ...lines, ...comment], '');
}

function classText(
  entity: EntityMetadata,
  table: TableReference,
  enums: readonly EnumReference[],
  relations: readonly string[],
): string {
  const root = entity.parentEntityMetadata;
  const summary = table.classes.find(({ name }) => name === entity.name)?.summary ?? '';
  const parts = [
    docstring(summary, '    '),
    root ? '' : tableLines(table),
    mapperLine(entity, enums, table),
    columnsOf(entity)
      .map((column) => columnLine(column, entity, table))
      .join('\n'),
    relations.join('\n'),
    methodsOf(entity.name),
  ].filter(Boolean);
  return `class ${entity.name}(${root?.name ?? 'Base'}):\n${parts.join('\n\n')}`;
}

function tableLines({ name, purpose, foreignKeys }: TableReference): string {
  const composite = foreignKeys
    .filter(({ columns }) => columns.length > 1)
    .map((key) => {
      const referenced = (/\(([^()]+)\)$/.exec(key.text)?.[1] ?? '')
        .split(', ')
        .map((column) => text(`${key.to}.${column}`));
      return `ForeignKeyConstraint([${key.columns.map(text).join(', ')}], [${referenced.join(', ')}], name=${text(key.name)}${rule(key.onDelete)})`;
    });
  const parts = [...composite, `{"comment": ${text(purpose)}}`];
  const last = parts.length === 1 ? '(' : '(\n        ';
  return `    __tablename__ = ${text(name)}\n    __table_args__ = ${last}${parts.join(',\n        ')},)`;
}

/** The discriminator of a family. */
function mapperLine(entity: EntityMetadata, enums: readonly EnumReference[], table: TableReference): string {
  const root = entity.parentEntityMetadata;
  const family = root ?? entity;
  const column = family.discriminatorColumn?.databaseName;
  if (!column || family.childEntityMetadatas.length === 0) return '';
  if (!root) return `    __mapper_args__ = {"polymorphic_on": ${text(attribute(column))}}`;
  const enumName = table.columns.find(({ name }) => name === column)?.enumName;
  const values = Object.entries(enums.find(({ name }) => name === enumName)?.values ?? {});
  const [member] = values.find(([, value]) => value === entity.discriminatorValue) ?? [];
  return `    __mapper_args__ = {"polymorphic_identity": ${member ? `${enumName}.${member}` : text(String(entity.discriminatorValue))}}`;
}
