export { type ExplainedSetting, explainSettings } from './explain.js';
export { loadSettings, type Settings } from './load.js';
export { environmentText, isForDevelopment, isForRehearsal } from './purpose.js';
export { type LoadOptions, readSettings, type SettingsSource } from './read.js';
export { couldBeUrl, shownUrl } from './url-like.js';
export type { SettingTable, SettingValue } from './values.js';
