package dev.yagura.response.playbook;

import com.google.protobuf.Message;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelContainer;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.StepState;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * CEL over an incident and the steps that ended before. Without time, randomness or anything else
 * outside: the same run always decides the same way.
 */
final class Expressions {
    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_ITERATIONS = 100_000;

    /** The element of a step's list. */
    static final String EACH = "each";

    private static final String STATE_PREFIX = "STEP_STATE_";

    private static final Cel CEL =
            CelFactory.standardCelBuilder()
                    .setOptions(
                            CelOptions.current()
                                    .maxExpressionCodePointSize(MAX_LENGTH)
                                    .comprehensionMaxIterations(MAX_ITERATIONS)
                                    .build())
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addMessageTypes(Incident.getDescriptor(), ActionTarget.getDescriptor())
                    .addFileTypes(Severity.getDescriptor().getFile())
                    .setContainer(
                            CelContainer.newBuilder()
                                    .setName(ActionTarget.getDescriptor().getFile().getPackage())
                                    .addAbbreviations(Severity.getDescriptor().getFullName())
                                    .build())
                    .addVar(
                            "incident",
                            StructTypeReference.create(Incident.getDescriptor().getFullName()))
                    .addVar("steps", MapType.create(SimpleType.STRING, SimpleType.STRING))
                    .build();

    private Expressions() {}

    /**
     * What an expression sees.
     *
     * @param steps state of each step that has ended, such as "succeeded", by id
     * @param each element of the step's list, in fields of its target
     */
    record Scope(Incident incident, Map<String, StepState> steps, Optional<Element> each) {

        /** Of a step without a list. */
        Scope(Incident incident, Map<String, StepState> steps) {
            this(incident, steps, Optional.empty());
        }

        Scope with(Element element) {
            return new Scope(incident, steps, Optional.of(element));
        }

        Map<String, ?> variables() {
            Map<String, Object> variables = new HashMap<>();
            variables.put("incident", incident);
            variables.put(
                    "steps",
                    steps.entrySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey, step -> word(step.getValue()))));
            each.ifPresent(element -> variables.put(EACH, element.value()));
            return variables;
        }
    }

    /** An element of a list, with the type that all of them have. */
    record Element(CelType type, Object value) {}

    /** An expression that is none, or fails on this incident; the message says why. */
    static final class ExpressionException extends Exception {
        private static final long serialVersionUID = 1L;

        ExpressionException(String message) {
            super(message);
        }
    }

    /** "succeeded". */
    static String word(StepState state) {
        return state.name().substring(STATE_PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    /**
     * The type of an expression.
     *
     * @throws ExpressionException it is none; with the column in it, one-based
     */
    static CelAbstractSyntaxTree compile(String expression) throws ExpressionException {
        return compile(expression, CEL);
    }

    /** The same where {@link #EACH} is of a type. */
    static CelAbstractSyntaxTree compile(String expression, CelType each)
            throws ExpressionException {
        return compile(expression, withEach(each));
    }

    private static Cel withEach(CelType type) {
        return CEL.toCelBuilder().addVar(EACH, type).build();
    }

    private static CelAbstractSyntaxTree compile(String expression, Cel cel)
            throws ExpressionException {
        CelValidationResult result = cel.compile(expression);
        if (result.hasError()) {
            CelIssue first = result.getErrors().getFirst();
            throw new ExpressionException(
                    first.getMessage()
                            + " (character "
                            + (first.getSourceLocation().getColumn() + 1)
                            + " of the expression)");
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new ExpressionException(String.valueOf(e.getMessage()));
        }
    }

    static CelType type(CelAbstractSyntaxTree expression) {
        return expression.getResultType();
    }

    /** True when the expression is empty. */
    static boolean holds(String expression, Scope scope) throws ExpressionException {
        return expression.isEmpty() || Boolean.TRUE.equals(value(expression, scope));
    }

    /** A String, Long, UnsignedLong, Boolean, List or {@link Message}. */
    static Object value(String expression, Scope scope) throws ExpressionException {
        Cel cel = scope.each().map(Element::type).map(Expressions::withEach).orElse(CEL);
        try {
            return cel.createProgram(compile(expression, cel)).eval(scope.variables());
        } catch (CelEvaluationException e) {
            throw new ExpressionException(String.valueOf(e.getMessage()));
        }
    }
}
