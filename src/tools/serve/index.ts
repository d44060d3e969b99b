export { type ServeOptions, servePages } from './server.js';
