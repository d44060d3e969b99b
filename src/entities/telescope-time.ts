/**
 * The exclusion constraint of PostgreSQL against overlapping times of one telescope. Where two rows share the focal
 * plane, each has its instrument; a row without one has all of it. A time without an end is the moment of its start.
 * SQLite has triggers for the same, see `database/telescope-triggers.ts`.
 */
export const ONE_AT_A_TIME = `USING gist (
  int4range("telescope_id", "telescope_id", '[]') WITH &&,
  int4range("instrument_id", "instrument_id", '[]') WITH &&,
  tstzrange("start_time", greatest("start_time", "end_time"), CASE WHEN "end_time" > "start_time" THEN '[)' ELSE '[]' END) WITH &&
) WHERE ("telescope_id" IS NOT NULL)`;

/**
 * Comments of the columns that triggers fill in. They are no foreign keys: those of the unit keep the referenced rows.
 */
export const TELESCOPE_COMMENT =
  'Telescope whose time it is, kept by the database from the modules of the unit';
export const INSTRUMENT_COMMENT =
  'Instrument that observes beside another one through the focal plane, kept by the database';
