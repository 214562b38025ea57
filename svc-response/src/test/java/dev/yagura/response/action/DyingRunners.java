package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.PostgresFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runners that a test lets die at any write.
 *
 * @param pause what happens in the world while an action waits, for its next attempt or for a host
 */
record DyingRunners(
        RunStore store,
        Procedures procedures,
        ActionConfig config,
        PostgresFixture postgres,
        Runnable pause) {
    private static final int MOST_RUNS = 40;

    /** The process ends here. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A runner that dies before or after its n-th write; false when it came to the end first. */
    boolean killAt(int step, boolean after) {
        try {
            run(dying(step, after));
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    void runToTheEnd() {
        run(dying(Integer.MAX_VALUE, false));
    }

    /** As time would: every lease is over, every pause too. */
    void endLeases() {
        postgres.execute(
                "UPDATE action SET lease_until = now() - interval '1 second', next_run_at = now() -"
                        + " interval '1 second'");
    }

    private void run(RunStore through) {
        ActionRunner runner = new ActionRunner(through, procedures, config, Clock.systemUTC());
        endLeases();
        Optional<RunStore.Lease> lease = runner.take();
        for (int runs = 0; lease.isPresent(); runs++) {
            assertThat(runs).as("attempts").isLessThan(MOST_RUNS);
            runner.run(lease.get());
            pause.run();
            endLeases();
            lease = runner.take();
        }
    }

    private RunStore dying(int step, boolean after) {
        AtomicInteger writes = new AtomicInteger();
        return (RunStore)
                Proxy.newProxyInstance(
                        RunStore.class.getClassLoader(),
                        new Class<?>[] {RunStore.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("leave") && writes.get() >= step) {
                                return null;
                            }
                            if (method.getName().equals("extend")) {
                                pause.run();
                            }
                            boolean write = Set.of("write", "finish").contains(method.getName());
                            boolean last = write && writes.incrementAndGet() == step;
                            if (last && !after) {
                                throw new Killed();
                            }
                            Object answer = invoke(method, arguments);
                            if (last) {
                                throw new Killed();
                            }
                            return answer;
                        });
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
