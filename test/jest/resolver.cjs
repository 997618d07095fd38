// Our sources import each other by the name of the file that will be built: ./x.js is ./x.ts here.
const OURS = /^\.{1,2}\/.*\.js$/;

module.exports = (path, options) => {
  if (OURS.test(path) && !options.basedir.includes('node_modules')) {
    try {
      return options.defaultResolver(path.replace(/\.js$/, '.ts'), options);
    } catch {
      // A file that is JavaScript after all.
    }
  }
  return options.defaultResolver(path, options);
};
