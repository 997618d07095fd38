const PARAMETERS_MAX = 4;

/** A constructor lists what it is given, and a decorated parameter is filled by the framework: nobody calls them by position. */
function isCalledByHand(node) {
  const isConstructor = node.parent?.type === 'MethodDefinition' && node.parent.kind === 'constructor';
  return !isConstructor && !node.params.some((parameter) => parameter.decorators?.length > 0);
}

function isBoolean(parameter) {
  if (parameter.type !== 'AssignmentPattern')
    return parameter.typeAnnotation?.typeAnnotation.type === 'TSBooleanKeyword';
  return typeof parameter.right.value === 'boolean' || isBoolean(parameter.left);
}

const onFunctions = (check) => ({
  FunctionDeclaration: check,
  FunctionExpression: check,
  ArrowFunctionExpression: check,
  TSEmptyBodyFunctionExpression: check,
});

const fewParameters = {
  create: (context) =>
    onFunctions((node) => {
      if (node.params.length > PARAMETERS_MAX && isCalledByHand(node)) {
        context.report({
          node,
          message: `${node.params.length} parameters: at most ${PARAMETERS_MAX}, else pass an object.`,
        });
      }
    }),
};

const noBooleanParameters = {
  create: (context) =>
    onFunctions((node) => {
      if (!isCalledByHand(node)) return;
      for (const parameter of node.params) {
        if (isBoolean(parameter)) {
          context.report({
            node: parameter,
            message: 'A boolean argument says nothing where it is passed: name the choice.',
          });
        }
      }
    }),
};

/** What the conventions ask of a function's signature and no stock rule can tell. */
export default {
  meta: { name: 'metastore' },
  rules: { 'few-parameters': fewParameters, 'no-boolean-parameters': noBooleanParameters },
};
