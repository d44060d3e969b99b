export { schemaPage } from './page.js';
