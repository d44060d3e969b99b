/** Corrections of the accounting stay as they were entered, whoever writes: one that was wrong is followed by another. */
const MESSAGE =
  'tr_time_correction__kept: a correction stays as it was entered; add another one for the same time, with its reason';

/** The body of a function in PL/pgSQL, by its name. */
export const CORRECTION_FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_keep_correction: `
BEGIN
  RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '${MESSAGE}';
END`,
};

/** The trigger on PostgreSQL. */
export const CORRECTION_TRIGGERS = [
  {
    name: 'tr_time_correction__kept',
    table: 'time_correction',
    event: 'BEFORE UPDATE OR DELETE ON "time_correction" FOR EACH ROW',
    function: 'ccat_ops_db_keep_correction',
  },
];

/** The triggers on SQLite by name; without their names. */
export const CORRECTION_TRIGGERS_ON_SQLITE: Readonly<Record<string, string>> = {
  tr_time_correction__kept: `BEFORE UPDATE ON time_correction BEGIN SELECT RAISE(ABORT, '${MESSAGE}'); END`,
  tr_time_correction__kept_from_deletion: `BEFORE DELETE ON time_correction BEGIN SELECT RAISE(ABORT, '${MESSAGE}'); END`,
};
