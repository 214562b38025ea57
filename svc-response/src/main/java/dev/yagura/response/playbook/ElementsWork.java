package dev.yagura.response.playbook;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The elements of a step's list, so many at a time. One that fails leaves the others alone: they
 * are to one another what branches are.
 */
final class ElementsWork {
    private final PlaybookRun run;
    private final StepWork work;

    ElementsWork(PlaybookRun run, StepWork work) {
        this.run = run;
        this.work = work;
    }

    /** As the step is then; its list is there. */
    StepRun advanced(PlaybookStep step, StepRun current) {
        List<StepRun> elements = new ArrayList<>(current.getElementsList());
        go(step, elements, in(elements, StepState.STEP_STATE_RUNNING));
        int running = in(elements, StepState.STEP_STATE_RUNNING).size();
        List<Integer> next =
                in(elements, StepState.STEP_STATE_PENDING).stream()
                        .limit(Math.max(0, StepElements.atOnce(step) - running))
                        .toList();
        next.forEach(place -> elements.set(place, work.begun(elements.get(place))));
        go(step, elements, next);
        StepRun after = current.toBuilder().clearElements().addAllElements(elements).build();
        return elements.stream().allMatch(StepWork::isEnded)
                ? ended(after)
                : after.toBuilder().setDetail(standing(elements)).build();
    }

    /** At the same time: each that begins is planned first, which takes its calls. */
    private void go(PlaybookStep step, List<StepRun> elements, List<Integer> places) {
        List<StepRun> after =
                Together.all(
                        places.stream()
                                .<Supplier<StepRun>>map(
                                        place -> () -> advanced(step, elements.get(place), place))
                                .toList());
        for (int i = 0; i < places.size(); i++) {
            elements.set(places.get(i), after.get(i));
        }
    }

    private StepRun advanced(PlaybookStep step, StepRun element, int place) {
        try {
            return work.advanced(step, element, asked(step, element, place));
        } catch (ExpressionException e) {
            throw new IllegalStateException("its target is there", e);
        }
    }

    /** The end of the run cuts them short. */
    StepRun cut(PlaybookStep step, StepRun current) {
        List<StepRun> elements = new ArrayList<>(current.getElementsList());
        for (int i = 0; i < elements.size(); i++) {
            StepRun element = elements.get(i);
            if (!StepWork.isEnded(element)) {
                elements.set(i, work.cut(element, asked(step, element, i)));
            }
        }
        return current.toBuilder().clearElements().addAllElements(elements).build();
    }

    private StepWork.Asked asked(PlaybookStep step, StepRun element, int place) {
        return new StepWork.Asked() {
            @Override
            public ActionCatalog.Order order() {
                return StepOrders.of(run, step, element);
            }

            @Override
            public UUID requestId(int attempt) {
                return StepOrders.requestId(run, step, place, attempt);
            }
        };
    }

    private StepRun ended(StepRun step) {
        List<StepRun> failed = failed(step.getElementsList());
        return failed.isEmpty()
                ? work.ended(
                        step,
                        StepState.STEP_STATE_SUCCEEDED,
                        "every one of " + step.getElementsCount())
                : work.ended(
                        step,
                        StepState.STEP_STATE_FAILED,
                        failed.size()
                                + " of "
                                + step.getElementsCount()
                                + " failed: "
                                + failed.stream()
                                        .map(each -> each.getElement() + ": " + each.getDetail())
                                        .collect(Collectors.joining("; ")));
    }

    private static String standing(List<StepRun> elements) {
        long ended = elements.stream().filter(StepWork::isEnded).count();
        int failed = failed(elements).size();
        return ended
                + " of "
                + elements.size()
                + " have ended"
                + (failed == 0 ? "" : ", " + failed + " failed");
    }

    private static List<StepRun> failed(List<StepRun> elements) {
        return elements.stream()
                .filter(each -> each.getState() == StepState.STEP_STATE_FAILED)
                .toList();
    }

    /** Places of those in a state. */
    private static List<Integer> in(List<StepRun> elements, StepState state) {
        return IntStream.range(0, elements.size())
                .filter(place -> elements.get(place).getState() == state)
                .boxed()
                .toList();
    }
}
