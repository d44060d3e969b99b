import { entities } from '../../entities/index.js';
import { entitySchema, type JsonSchema } from './json-schema.js';
import { payloadNames, payloadSchema } from './payloads.js';
import { requireMetadata } from './properties.js';
import { scanSchemas } from './scan-schemas.js';

/** The JSON Schemas of every entity, of what services file and of scan parameters, by name. */
export function buildSchemas(): Readonly<Record<string, JsonSchema>> {
  const ofEntities = entities.map((entity) => [entity.name, entitySchema(requireMetadata(entity))]);
  const ofPayloads = payloadNames.map((name) => [name, payloadSchema(name)]);
  return Object.fromEntries([...ofEntities, ...ofPayloads, ...Object.entries(scanSchemas())]);
}
