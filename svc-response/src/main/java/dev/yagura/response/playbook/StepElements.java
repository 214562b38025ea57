package dev.yagura.response.playbook;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of a step with for_each: what its actions are on, one for each element. */
final class StepElements {
    static final int MOST = 100;
    static final int MOST_AT_ONCE = 20;

    private static final int LIMIT = 20;
    private static final int AT_ONCE = 5;
    private static final int LONGEST_NAME = 200;

    /** Fields by which people know a message of an incident, the best first. */
    private static final List<String> NAMES =
            List.of("instance_id", "hostname", "label", "path", "id", "alert", "name");

    private StepElements() {}

    static int limit(PlaybookStep step) {
        return step.getLimit() == 0 ? LIMIT : step.getLimit();
    }

    static int atOnce(PlaybookStep step) {
        return step.getAtOnce() == 0 ? AT_ONCE : step.getAtOnce();
    }

    /** Type of the elements; empty for what is no list of things with a name. */
    static Optional<CelType> type(CelType list) {
        return list instanceof ListType
                ? list.parameters().stream().findFirst().filter(StepElements::hasName)
                : Optional.empty();
    }

    private static boolean hasName(CelType type) {
        return switch (type.kind()) {
            case STRING, INT, UINT, STRUCT -> true;
            default -> false;
        };
    }

    /**
     * The elements, none of which has begun; those whose target is the same count once. One whose
     * target cannot be told has failed.
     *
     * @throws ExpressionException the list cannot be told for this incident, or is too long
     */
    static List<StepRun> of(PlaybookRun run, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        CelType type = type(Expressions.type(Expressions.compile(step.getForEach()))).orElseThrow();
        Object list = Expressions.value(step.getForEach(), scope);
        if (!(list instanceof Collection<?> values)) {
            throw new ExpressionException("for_each is no list");
        }
        Map<Object, StepRun> elements = new LinkedHashMap<>();
        for (Object value : values) {
            StepRun element = element(run, step, scope.with(new Expressions.Element(type, value)));
            elements.putIfAbsent(
                    element.hasTarget() ? element.getTarget() : element.getElement(), element);
        }
        if (elements.size() > limit(step)) {
            throw new ExpressionException(
                    "its list has "
                            + elements.size()
                            + " elements, and its limit is "
                            + limit(step)
                            + ": narrow for_each, or raise limit");
        }
        return List.copyOf(elements.values());
    }

    private static StepRun element(PlaybookRun run, PlaybookStep step, Expressions.Scope scope) {
        StepRun.Builder element =
                StepRun.newBuilder()
                        .setStep(step.getId())
                        .setElement(name(scope.each().orElseThrow().value()));
        try {
            return element.setTarget(StepOrders.target(run.getSnapshot(), step, scope))
                    .setState(StepState.STEP_STATE_PENDING)
                    .build();
        } catch (ExpressionException e) {
            return element.setState(StepState.STEP_STATE_FAILED)
                    .setDetail(String.valueOf(e.getMessage()))
                    .build();
        }
    }

    private static String name(Object value) {
        String name = value instanceof Message message ? name(message) : value.toString();
        return name.substring(
                0,
                name.offsetByCodePoints(
                        0, Math.min(LONGEST_NAME, name.codePointCount(0, name.length()))));
    }

    private static String name(Message message) {
        return NAMES.stream()
                .flatMap(field ->
                        Stream.ofNullable(message.getDescriptorForType().findFieldByName(field)))
                .filter(field -> field.getType() == FieldDescriptor.Type.STRING)
                .map(field -> (String) message.getField(field))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(
                        () -> TextFormat.printer().emittingSingleLine(true).printToString(message));
    }
}
