/** The service as an ES module: Node asks for all names of the package. */
import '../../src/index.js';
import './service.js';
