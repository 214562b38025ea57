package dev.yagura.agent;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.tls.Pem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Who the agent is and how it was a few seconds ago.",
        footer = {
            "",
            "Examples:",
            "  yagura-agent status --state /var/lib/yagura",
            "  yagura-agent status --state /var/lib/yagura --output json"
        })
final class StatusCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For people or for programs. */
    enum Output {
        TEXT,
        JSON
    }

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StateOption state = new StateOption();

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Default ${DEFAULT-VALUE}.")
    private Output output = Output.TEXT;

    @Override
    public Integer call() {
        StateFolder folder = state.folder();
        AgentIdentity identity = folder.identity();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("agentId", identity.agentId());
        status.put("hostId", identity.hostId());
        status.put("instanceId", identity.instanceId());
        status.put("hostname", identity.hostname());
        status.put("gateway", identity.gateway());
        try {
            status.put(
                    "certificateExpires",
                    Pem.readCertificates(folder.certificate())
                            .getFirst()
                            .getNotAfter()
                            .toInstant()
                            .toString());
            if (Files.exists(folder.status())) {
                Map<String, Object> reported =
                        JSON.readValue(folder.status().toFile(), new TypeReference<>() {});
                status.put("running", isRunning(reported));
                status.putAll(reported);
            }
            print(status);
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot read "
                            + folder.path()
                            + " ("
                            + e.getMessage()
                            + "): run as the user that enrolled",
                    e);
        }
        return 0;
    }

    private static boolean isRunning(Map<String, Object> reported) {
        return reported.get("processId") instanceof Number pid
                && ProcessHandle.of(pid.longValue()).isPresent();
    }

    private void print(Map<String, Object> status) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(JSON.writeValueAsString(status));
            return;
        }
        status.forEach((name, value) -> out.printf("%-20s %s%n", name, value));
    }
}
