import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import {
  ExecutedObsUnit,
  ExecutedObsUnitStatus,
  RawDataFile,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../entities/index.js';
import type { NewRawDataFile, NewRawDataPackage, ObservationEnd, ObservationStart } from '../filing/index.js';
import { DIALECT, type JsonSchema, lengthsByProperty, propertySchema, schemaId } from './json-schema.js';
import { columnsOf, type EntityClass, requireMetadata, ruleOf } from './properties.js';

/** What services send to be filed, by name. */
export interface Payloads {
  /** What `startObservation` takes. */
  readonly ObservationStart: ObservationStart;
  /** What `finishObservation` takes. */
  readonly ObservationEnd: ObservationEnd;
  /** What `fileRawDataFiles` takes of each file. */
  readonly NewRawDataFile: NewRawDataFile;
  /** What `fileRawDataPackage` takes. */
  readonly NewRawDataPackage: NewRawDataPackage;
}

export type PayloadName = keyof Payloads;

interface Payload {
  readonly description: string;
  /** The entity whose columns the properties are. */
  readonly entity: EntityClass;
  /** Each property, and whether it must be given. */
  readonly properties: Readonly<Record<string, 'required' | 'optional'>>;
  /** The schemas of properties that are no column, or narrower than theirs. */
  readonly others?: () => Readonly<Record<string, JsonSchema | undefined>>;
}

/** Held against the type: every property is there, and required exactly where the type says so. */
interface PayloadOf<T> extends Payload {
  readonly properties: { readonly [K in keyof T]-?: undefined extends T[K] ? 'optional' : 'required' };
  readonly others?: () => { readonly [K in keyof T]?: JsonSchema };
}

const { RUNNING, ...ENDS } = ExecutedObsUnitStatus;
const REQUIRED = 'required';
const OPTIONAL = 'optional';

const payloads: { readonly [N in PayloadName]: PayloadOf<Payloads[N]> } = {
  ObservationStart: {
    description: 'The start of an execution, as startObservation takes it.',
    entity: ExecutedObsUnit,
    properties: {
      ...{ id: OPTIONAL, obsUnitId: REQUIRED, startTime: REQUIRED, instrumentConfiguration: OPTIONAL },
    },
  },
  ObservationEnd: {
    description: 'The end of an execution, as finishObservation takes it.',
    entity: ExecutedObsUnit,
    properties: {
      ...{ id: REQUIRED, obsUnitId: REQUIRED, endTime: REQUIRED, status: OPTIONAL, pwvMm: OPTIONAL },
      ...{ temperatureC: OPTIONAL, humidityPercent: OPTIONAL, windSpeedMS: OPTIONAL, conditions: OPTIONAL },
      ...{ quality: OPTIONAL, note: OPTIONAL },
    },
    others: () => ({
      status: {
        description: 'How the execution ended.',
        ...{ type: 'string', enum: Object.values(ENDS), default: ENDS.COMPLETED },
      },
    }),
  },
  NewRawDataFile: {
    description: 'A raw data file as an instrument reports it, as fileRawDataFiles takes it.',
    entity: RawDataFile,
    properties: {
      ...{ id: REQUIRED, executedObsUnitId: REQUIRED, instrumentModuleId: REQUIRED },
      ...{ sourceLocationId: REQUIRED, relativePath: REQUIRED, sizeBytes: REQUIRED, fileType: OPTIONAL },
      ...{ checksum: OPTIONAL, checksumAlgorithm: OPTIONAL, recordedAt: OPTIONAL },
    },
  },
  NewRawDataPackage: {
    description: 'A raw data package to be built, as fileRawDataPackage takes it.',
    entity: RawDataPackage,
    properties: {
      ...{ id: REQUIRED, executedObsUnitId: REQUIRED, instrumentModuleId: REQUIRED },
      ...{ sourceLocationId: REQUIRED, partNumber: OPTIONAL, fileIds: REQUIRED, metadata: OPTIONAL },
    },
    others: () => ({
      fileIds: {
        description: 'Keys of the files that the package shall hold.',
        ...{ type: 'array', items: columnSchema(RawDataFile, 'id') },
      },
      metadata: columnSchema(RawDataPackageMetadata, 'metadata'),
    }),
  },
};

export const payloadNames = Object.keys(payloads) as PayloadName[];

/** What a payload looks like as JSON; nothing in it may be null. */
export function payloadSchema(name: PayloadName): JsonSchema {
  const { description, entity, properties, others }: Payload = payloads[name];
  const columns = payloadColumns(name);
  const ofColumns = columns.map(({ propertyName }) => [propertyName, columnSchema(entity, propertyName)]);
  return {
    ...{ $schema: DIALECT, $id: schemaId(name), title: name, description, type: 'object' },
    properties: { ...Object.fromEntries(ofColumns), ...others?.() },
    required: Object.keys(properties).filter((property) => properties[property] === REQUIRED),
    additionalProperties: false,
    ...lengthsByProperty(requireMetadata(entity), columns),
  };
}

/** The columns that a payload has properties of. */
export function payloadColumns(name: PayloadName): ColumnMetadata[] {
  const { entity, properties }: Payload = payloads[name];
  return columnsOf(requireMetadata(entity)).filter(({ propertyName }) => propertyName in properties);
}

/** A column without null. */
function columnSchema(entity: EntityClass, property: string): JsonSchema {
  const metadata = requireMetadata(entity);
  const column = metadata.findColumnWithPropertyName(property);
  if (!column) throw new Error(`${entity.name} has no column ${property}`);
  return propertySchema(metadata, column, { ...ruleOf(metadata, column), required: true });
}
