// CP-SAT on a model that `rigtopo export opb` wrote, level by level.
//   node bench/cpsat.mjs MODEL.opb SECONDS      with the npm package or-tools-wasm in sight
// Prints one line of JSON: status, cost of each level proved, seconds without the start of WebAssembly.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.env.OR_TOOLS_WASM ?? process.cwd()}/`);
const { CpSat } = await import(pathToFileURL(require.resolve('or-tools-wasm/cp-sat')).href);

/** Weights and literals of `+3 x1 -2 ~x7 `; a literal is a variable from 0 and whether it is negated. */
function readTerms(text) {
  return [...text.matchAll(/([+-]\d+) (~?)x(\d+)/g)].map((m) => ({
    weight: Number(m[1]), variable: Number(m[3]) - 1, negated: m[2] === '~',
  }));
}

function readOpb(path) {
  const model = { variables: 0, constraints: [], levels: [] };
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const header = /#variable= (\d+)/.exec(line);
    if (header) model.variables = Number(header[1]);
    if (/^(\* then )?min:/.test(line)) model.levels.push(readTerms(line));
    if (line.startsWith('*') || line.startsWith('min:') || line === '') continue;
    const [left, right] = line.split('>=');
    model.constraints.push({ terms: readTerms(left), least: Number.parseInt(right, 10) });
  }
  return model;
}

/** Sum of weights times literals, as coefficients of variables and a constant. */
function linear(terms) {
  const sum = { vars: [], coeffs: [], constant: 0, most: 0 };
  for (const t of terms) {
    if (t.weight === 0) continue;
    sum.vars.push(t.variable);
    sum.coeffs.push(t.negated ? -t.weight : t.weight);
    if (t.negated) sum.constant += t.weight;
    sum.most += Math.abs(t.weight);
  }
  return sum;
}

function constraint({ terms, least }) {
  const literals = terms.filter((t) => t.weight !== 0).map((t) => (t.negated ? -t.variable - 1 : t.variable));
  if (least === 1 && terms.every((t) => t.weight >= 0)) return { boolOr: { literals } };
  if (least === -1 && terms.every((t) => t.weight === -1)) return { atMostOne: { literals } };
  const sum = linear(terms);
  return { linear: { vars: sum.vars, coeffs: sum.coeffs, domain: [least - sum.constant, 2 * sum.most + 1] } };
}

const cost = (terms, solution) =>
  terms.reduce((sum, t) => sum + ((Number(solution[t.variable]) === 1) !== t.negated ? t.weight : 0), 0);

async function solve(proto, seconds) {
  const bytes = await CpSat.createModel(proto);
  return (await CpSat.solve(bytes, { numSearchWorkers: 1, maxTimeInSeconds: seconds })).response;
}

/** Every level gets what the levels before it left of the time. */
async function minimiseLevels(model, seconds) {
  const start = Date.now();
  const passed = () => (Date.now() - start) / 1000;
  const proto = {
    variables: Array.from({ length: model.variables }, () => ({ domain: [0, 1] })),
    constraints: model.constraints.map(constraint),
  };
  const result = { status: 'unknown', costs: [] };
  const first = await solve(proto, seconds);
  if (first.status === 'INFEASIBLE') result.status = 'infeasible';
  if (first.status === 'OPTIMAL') {
    result.first = passed();
    const done = await descend(model.levels, proto, first.solution, result.costs, () => seconds - passed());
    result.status = done ? 'optimal' : 'feasible';
  }
  return { ...result, seconds: passed() };
}

/** Minimises and pins one level after the other; false when time ran out. */
async function descend(levels, proto, solution, costs, left) {
  for (const level of levels) {
    const sum = linear(level);
    if (sum.vars.length > 0) {
      proto.objective = { vars: sum.vars, coeffs: sum.coeffs };
      proto.solutionHint = { vars: solution.map((_, i) => i), values: solution };
      const response = left() > 0 ? await solve(proto, left()) : {};
      if (response.status !== 'OPTIMAL') return false;
      solution = response.solution;
      const most = cost(level, solution) - sum.constant;
      proto.constraints.push({ linear: { vars: sum.vars, coeffs: sum.coeffs, domain: [-sum.most - 1, most] } });
    }
    costs.push(cost(level, solution));
  }
  return true;
}

const tiny = { variables: 1, constraints: [{ terms: [{ weight: 1, variable: 0, negated: false }], least: 1 }], levels: [] };
await minimiseLevels(tiny, 5);  // loads and compiles the module
console.log(JSON.stringify(await minimiseLevels(readOpb(process.argv[2]), Number(process.argv[3]))));
process.exit(0);
