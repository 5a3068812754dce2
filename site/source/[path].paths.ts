import { sourcePage, sourcePaths } from '../sources.ts';

export default {
  paths: () => sourcePaths().map((path) => ({ params: { path }, content: sourcePage(path) })),
};
