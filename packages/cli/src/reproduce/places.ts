/** Where `paragrad reproduce` puts things, unless it is told. */
export const places = { runs: 'runs/results', results: 'results', page: 'docs/results.md' };
