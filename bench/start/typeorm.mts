/** The service on TypeORM alone as an ES module: Node asks for all names of TypeORM. */
import 'typeorm';
import './typeorm.js';
