import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import {
  ExecutedObsUnit,
  ExecutedObsUnitStatus,
  InstrumentModule,
  PreScheduledSlot,
  RawDataFile,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../entities/index.js';
import type { Properties } from '../../values/canonical.js';
import {
  END_STATUSES,
  type PayloadName,
  type Payloads,
  payloadProperties,
} from '../filing/payload-properties.js';
import { DIALECT, type JsonSchema, lengthsByProperty, propertySchema, schemaId } from './json-schema.js';
import { columnsOf, type EntityClass, requireMetadata, ruleOf } from './properties.js';

interface Payload {
  readonly description: string;
  /** The entity whose columns the properties are. */
  readonly entity: EntityClass;
  /** The schemas of properties that are no column, or narrower than theirs. */
  readonly others?: () => Readonly<Record<string, JsonSchema | undefined>>;
}

interface PayloadOf<T> extends Payload {
  readonly others?: () => { readonly [K in keyof T]?: JsonSchema };
}

const MODULE: JsonSchema = {
  description: 'Name of the module in place of its key, as the observatory or the readout spells it.',
  type: 'string',
  minLength: 1,
};

const payloads: { readonly [N in PayloadName]: PayloadOf<Payloads[N]> } = {
  ObservationStart: {
    description: 'The start of an execution, as startObservation takes it.',
    entity: ExecutedObsUnit,
  },
  ObservationEnd: {
    description: 'The end of an execution, as finishObservation takes it.',
    entity: ExecutedObsUnit,
    others: () => ({
      status: {
        description: 'How the execution ended.',
        type: 'string',
        enum: END_STATUSES,
        default: ExecutedObsUnitStatus.COMPLETED,
      },
    }),
  },
  NewRawDataFile: {
    description: 'A raw data file as an instrument reports it, as fileRawDataFiles takes it.',
    entity: RawDataFile,
    others: () => ({
      instrumentModule: MODULE,
      instrumentModuleIds: {
        description: 'Keys of the modules of a file of several.',
        type: 'array',
        items: columnSchema(InstrumentModule, 'id'),
      },
    }),
  },
  NewRawDataPackage: {
    description: 'A raw data package to be built, as fileRawDataPackage takes it.',
    entity: RawDataPackage,
    others: () => ({
      fileIds: {
        description: 'Keys of the files that the package shall hold.',
        type: 'array',
        items: columnSchema(RawDataFile, 'id'),
      },
      instrumentModule: MODULE,
      metadata: columnSchema(RawDataPackageMetadata, 'metadata'),
    }),
  },
  ObservationConditions: {
    description: 'Weather, quality and remarks of an execution, as noteConditions takes them.',
    entity: ExecutedObsUnit,
  },
  NewSlot: {
    description: 'A time that is to be kept for a unit, as fileSlots takes it.',
    entity: PreScheduledSlot,
  },
};

export const payloadNames = Object.keys(payloads) as PayloadName[];

/** What a payload looks like as JSON; nothing in it may be null. */
export function payloadSchema(name: PayloadName): JsonSchema {
  const { description, entity, others }: Payload = payloads[name];
  const properties: Properties = payloadProperties[name];
  const columns = payloadColumns(name);
  const ofColumns = columns.map(({ propertyName }) => [propertyName, columnSchema(entity, propertyName)]);
  return {
    $schema: DIALECT,
    $id: schemaId(name),
    title: name,
    description,
    type: 'object',
    properties: { ...Object.fromEntries(ofColumns), ...others?.() },
    required: Object.keys(properties).filter((property) => properties[property] === 'required'),
    additionalProperties: false,
    ...lengthsByProperty(requireMetadata(entity), columns),
  };
}

/** What is known of the entity whose columns the properties of a payload are. */
export function payloadMetadata(name: PayloadName): EntityMetadata {
  const { entity }: Payload = payloads[name];
  return requireMetadata(entity);
}

/** The columns that a payload has properties of. */
function payloadColumns(name: PayloadName): ColumnMetadata[] {
  const { entity }: Payload = payloads[name];
  const properties: Properties = payloadProperties[name];
  return columnsOf(requireMetadata(entity)).filter(({ propertyName }) => propertyName in properties);
}

/** A column without null. */
function columnSchema(entity: EntityClass, property: string): JsonSchema {
  const metadata = requireMetadata(entity);
  const column = metadata.findColumnWithPropertyName(property);
  if (!column) throw new Error(`${entity.name} has no column ${property}`);
  return propertySchema(metadata, column, { ...ruleOf(metadata, column), required: true });
}
