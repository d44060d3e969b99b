import { PATTERN_OF_MODE, SCAN_PATTERNS, type ScanPattern } from '../../entities/scan-patterns.js';
import type { Alternatives, KeyRule, Pattern } from '../../entities/scan-rules.js';
import { DIALECT, type JsonSchema, schemaId } from './json-schema.js';

/** The names of the schemas of scan parameters. */
const NAMES: Readonly<Record<ScanPattern, string>> = {
  pong: 'PongParameters',
  daisy: 'DaisyParameters',
  constant_el: 'ConstantElevationParameters',
  source_scan: 'SourceScanParameters',
};

/** The JSON Schemas of the scan parameters of each pattern, by name. */
export function scanSchemas(): Readonly<Record<string, JsonSchema>> {
  const patterns = Object.keys(SCAN_PATTERNS) as ScanPattern[];
  return Object.fromEntries(patterns.map((pattern) => [NAMES[pattern], scanSchema(pattern)]));
}

/** What the scan parameters of a unit look like where its mode is nested within it. */
export function byObsMode(): JsonSchema[] {
  return Object.entries(PATTERN_OF_MODE).map(([mode, pattern]) => ({
    if: {
      properties: { obsMode: { type: 'object', properties: { name: { const: mode } }, required: ['name'] } },
      required: ['obsMode'],
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { mappingParameters: { $ref: schemaId(NAMES[pattern]) } } },
  }));
}

function scanSchema(name: ScanPattern): JsonSchema {
  const pattern: Pattern = SCAN_PATTERNS[name];
  const { keys, alternatives, description } = pattern;
  return {
    $schema: DIALECT,
    $id: schemaId(NAMES[name]),
    title: NAMES[name],
    description,
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([key, rule]) => [key, keySchema(rule)])),
    required: Object.keys(keys).filter((key) => keys[key]?.required),
    additionalProperties: false,
    ...(alternatives && alternativesSchema(alternatives)),
  };
}

function alternativesSchema({ groups, required }: Alternatives): JsonSchema {
  const each = groups.map((group) => ({
    required: group,
    not: {
      anyOf: groups
        .flat()
        .filter((key) => !group.includes(key))
        .map((key) => ({ required: [key] })),
    },
  }));
  const none = { not: { anyOf: groups.flat().map((key) => ({ required: [key] })) } };
  return { oneOf: required ? each : [...each, none] };
}

/** Names that say the pattern are no labels. */
const NO_PATTERN = {
  enum: [...new Set([...Object.keys(SCAN_PATTERNS), ...Object.keys(PATTERN_OF_MODE)])],
};
const INSTANT = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}' };
const FOOTPRINT = '^([cC]|[cC][eE][nN][tT][eE][rR]|[iI][mM]0|[iI][1-6]|[aA][lL][lL])(,([cC]|[iI][1-6]))*$';

function keySchema({ description, unit, ...rule }: KeyRule): JsonSchema {
  return { description: `${description}.`, ...valueSchema(rule), ...(unit && { 'x-unit': unit }) };
}

function valueSchema({ type, above, min, range, values }: Omit<KeyRule, 'description'>): JsonSchema {
  switch (type) {
    case 'label':
      return { type: 'string', minLength: 1, not: NO_PATTERN };
    case 'number':
    case 'integer':
      return {
        type,
        ...(above !== undefined && { exclusiveMinimum: above }),
        ...(min !== undefined && { minimum: min }),
        ...(range && { minimum: range[0], maximum: range[1] }),
      };
    case 'boolean':
      return { type };
    case 'choice':
      return { type: 'string', enum: values };
    case 'instant':
      return INSTANT;
    case 'window':
      return { type: 'array', items: INSTANT, minItems: 2, maxItems: 2 };
    case 'footprint':
      return { type: 'string', pattern: FOOTPRINT };
    case 'null':
      // The dispatch refuses any number; the survey planner may write one.
      return { type: ['null', 'number'] };
  }
}
