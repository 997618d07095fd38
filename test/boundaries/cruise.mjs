// Prints the names of the boundary rules and what they find below each given folder, as JSON:
// { rules, findings: { <folder>: { modules, violations } } }.
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { join } from 'node:path';

const ROOTS = ['apps', 'libs', 'migrations', 'test', 'bench', 'postman'];

const options = await extractOptions(join(import.meta.dirname, '../../.dependency-cruiser.mjs'));
const findings = {};
for (const folder of process.argv.slice(2)) {
  const { output } = await cruise(ROOTS, { ...options, baseDir: folder, validate: true });
  findings[folder] = {
    modules: output.summary.totalCruised,
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}
process.stdout.write(JSON.stringify({ rules: options.ruleSet.forbidden.map(({ name }) => name), findings }));
