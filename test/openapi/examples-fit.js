import { schema as check } from '@stoplight/spectral-functions';

/** The stock rule tries `example` and `default`; a schema of OpenAPI 3.1 has a list of `examples`. */
export default function examplesFit(schema, _options, context) {
  const { examples, ...rest } = schema;
  return examples.flatMap((example, index) =>
    (check(example, { schema: rest }, { ...context, path: [...context.path, 'examples', index] }) ?? []).map(
      (finding) => ({
        message: `The example ${JSON.stringify(example)} does not fit: ${finding.message}`,
        path: [...context.path, 'examples', index],
      }),
    ),
  );
}
