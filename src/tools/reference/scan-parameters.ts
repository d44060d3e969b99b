import { DRIVE_LIMITS, PATTERN_OF_MODE, SCAN_PATTERNS } from '../../entities/scan-patterns.js';
import { type KeyRule, type Pattern, ScanIssueCode } from '../../entities/scan-rules.js';

/** The page on scan parameters, `docs/scan-parameters.md`, from the one description of the patterns. */
export function scanParametersMarkdown(): string {
  const patterns: readonly (readonly [string, Pattern])[] = Object.entries(SCAN_PATTERNS);
  const parts = [
    INTRODUCTION,
    ...patterns.flatMap(([name, pattern]) => patternParts(name, pattern)),
    '## Limits of the drives',
    table(['axis', 'limit'], limits()),
    '## Codes',
    `\`scanIssues\` and \`dispatchOf\` say of each issue one of: ${Object.values(ScanIssueCode)
      .map((code) => `\`${code}\``)
      .join(', ')}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `<!-- Written by \`npm run docs\` from src/entities/scan-patterns.ts. Do not edit. -->

# Scan parameters

The survey planner writes a set of parameters into \`obs_unit.mapping_parameters\`; the dispatch at the telescope reads it, renames keys and
calls a planner of fyst-trajectories. The set has a shape for each observing mode:

${table(
  ['obs mode', 'pattern'],
  Object.entries(PATTERN_OF_MODE).map(([mode, pattern]) => [`\`${mode}\``, `[${pattern}](#${pattern})`]),
)}

Other modes have no task at the dispatch, and their parameters no shape that is known.

- A set is *storable* when the survey planner could write it. What is not is refused by the starting state, by planning files, by
  \`fileObsUnits\` and by \`fromPlain\`; \`opsdb check\` finds stored units that would be refused (\`unit_fits_its_mode\`).
- A unit is *dispatchable* when the dispatch of today takes it, or the planner that it calls. That also depends on the source, the unit and its
  configuration. \`dispatchOf(unit)\` gives the task and its parameters, or why not; so does \`opsdb unit NAME\`, and \`opsdb unit\` counts
  both by mode.
- The two differ both ways: \`angle_var\` is stored but must be made an angle first, and a name that is the pattern does no harm at
  dispatch, which drops it.
- The elevation of a constant-elevation scan is a column of the unit. A set for 15 deg is a good set, but \`nominal_alt\` itself
  starts at 20 in the database.

\`isUnitOf(unit, 'pong')\` gives the compiler the keys of a mode. The same shapes are JSON Schemas in \`ccat-ops-db/schemas\`.`;

function patternParts(name: string, pattern: Pattern): string[] {
  const { description, task, planner, keys, elsewhere, alternatives } = pattern;
  const rows = Object.entries(keys).map(([key, rule]) => [
    `\`${key}\``,
    rule.required ? 'yes' : '',
    rule.unit ?? '',
    valuesOf(rule),
    rule.argument ? `\`${rule.argument}\`` : '',
    `${rule.description}.${noteOf(rule)}`,
  ]);
  return [
    `## ${name}`,
    `${description} Task \`${task}\`, planner \`${planner}\`.`,
    table(['key', 'required', 'unit', 'values', 'argument', 'meaning'], rows),
    ...(alternatives
      ? [
          `${alternatives.required ? 'Exactly' : 'At most'} one of ${alternatives.groups
            .map((group) => group.map((key) => `\`${key}\``).join(' with '))
            .join(', ')}.`,
        ]
      : []),
    ...(Object.keys(elsewhere).length > 0
      ? [
          `Never in the set: ${Object.entries(elsewhere)
            .map(([key, why]) => `\`${key}\` (${why})`)
            .join(', ')}.`,
        ]
      : []),
  ];
}

function valuesOf({ type, above, min, range, values }: KeyRule): string {
  if (values) return values.join(', ');
  if (range) return `${range[0]} to ${range[1]}`;
  const number = type === 'integer' ? 'whole number' : 'number';
  if (above !== undefined) return `${number} above ${above}`;
  if (min !== undefined) return `${number} from ${min}`;
  const texts: Readonly<Record<KeyRule['type'], string>> = {
    label: 'text, not the pattern',
    number,
    integer: number,
    boolean: 'true or false',
    choice: 'text',
    instant: 'ISO 8601',
    window: 'two of ISO 8601',
    footprint: '`c`; `i1` to `i6`, lists and `all` are stored but not dispatched',
    null: 'null',
  };
  return texts[type];
}

function noteOf(rule: KeyRule): string {
  if (rule.refusedAtDispatch) return ` Not dispatchable: ${rule.refusedAtDispatch.why}.`;
  if (rule.awaitsForwarding) return ' Not dispatchable: the dispatch does not read it yet.';
  if (rule.isProvenance) return ' Not dispatchable: only for the record.';
  if (rule.driveLimit !== undefined) return ` At most ${rule.driveLimit} for the drives.`;
  return rule.dispatchMin === undefined ? '' : ` At least ${rule.dispatchMin} for the dispatch.`;
}

function limits(): string[][] {
  return [
    ['speed in azimuth', `${DRIVE_LIMITS.azimuthSpeedDegS} deg/s`],
    ['acceleration in azimuth', `${DRIVE_LIMITS.azimuthAccelerationDegS2} deg/s2`],
    ['speed in elevation', `${DRIVE_LIMITS.elevationSpeedDegS} deg/s`],
    ['acceleration in elevation', `${DRIVE_LIMITS.elevationAccelerationDegS2} deg/s2`],
    ['turns at constant elevation, nominal', `${DRIVE_LIMITS.turnAccelerationDegS2} deg/s2`],
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
