/** The service as an ES module: Node asks for all names of the package. */
import 'ccat-ops-db';
import './service.js';
