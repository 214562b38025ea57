package dev.yagura.sandbox.workflow;

import dev.yagura.sandbox.world.Account;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** State machines and their executions, by ARN. */
public final class StateMachines {
    private final Account account;
    private final Map<String, StateMachine> machines = new TreeMap<>();
    private final Map<String, Execution> executions = new TreeMap<>();

    public StateMachines(Account account) {
        this.account = account;
    }

    public void add(String name, String type, Duration takes, String error) {
        String arn = account.arn("states", "stateMachine:" + name);
        machines.put(arn, new StateMachine(arn, name, type, takes, error));
    }

    Optional<StateMachine> machine(String arn) {
        return Optional.ofNullable(machines.get(arn));
    }

    Optional<Execution> execution(String arn) {
        return Optional.ofNullable(executions.get(arn));
    }

    String executionArn(StateMachine machine, String name) {
        return account.arn("states", "execution:" + machine.name() + ":" + name);
    }

    void put(Execution execution) {
        executions.put(execution.arn(), execution);
    }
}
