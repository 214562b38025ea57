package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FileLineTarget;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** What a target of eradicate must look like. */
final class EradicationRequests {
    private static final String FIELD = "target.eradication";
    private static final int MOST_FINDINGS = 20;
    private static final int MOST_KEYS = 20;

    /** They go to the host in one parameter. */
    private static final int MOST_BYTES = 8192;

    private static final Pattern UNIT =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,200}\\.(service|timer|socket|path)");
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    private EradicationRequests() {}

    static void check(EradicationTarget target) {
        int findings =
                target.getProcessesCount()
                        + target.getFilesCount()
                        + target.getLinesCount()
                        + target.getUnitsCount()
                        + target.getUsersCount();
        require(
                findings > 0 && findings <= MOST_FINDINGS,
                "",
                "has " + findings + " findings of the host",
                "send 1 to "
                        + MOST_FINDINGS
                        + (target.getAccessKeyIdsCount() > 0
                                ? "; for access keys alone, ACTION_KIND_DISABLE_ACCESS_KEY, which"
                                        + " needs no host"
                                : ""));
        checkKeys(target.getAccessKeyIdsList());
        require(
                target.toBuilder().clearAccessKeyIds().build().getSerializedSize() <= MOST_BYTES,
                "",
                "is larger than 8 KiB",
                "send several actions");
        target.getProcessesList()
                .forEach(each -> ActionRequests.checkProcess(each, FIELD + ".processes"));
        target.getFilesList().forEach(each -> ActionRequests.checkFile(each, FIELD + ".files"));
        target.getLinesList().forEach(EradicationRequests::checkLine);
        target.getUnitsList()
                .forEach(unit ->
                        require(
                                UNIT.matcher(unit).matches(),
                                ".units",
                                "has " + unit + ", which is no name of a unit",
                                "send one like miner.service; service, timer, socket or path"));
        target.getUsersList()
                .forEach(user ->
                        require(
                                USER.matcher(user).matches(),
                                ".users",
                                "has " + user + ", which is no name of a local account",
                                "send one as /etc/passwd has it"));
    }

    /** They do not go to the host. */
    private static void checkKeys(List<String> ids) {
        String field = ".access_key_ids";
        require(
                ids.size() <= MOST_KEYS,
                field,
                "has " + ids.size() + " access keys",
                "send " + MOST_KEYS + " at most");
        for (String id : ids) {
            IdentityRequests.checkAccessKey(
                    id, "eradication.access_key_ids", "has " + id + ", which ");
            require(
                    Collections.frequency(ids, id) == 1,
                    field,
                    "has " + id + " more than once",
                    "send each once");
        }
    }

    private static void checkLine(FileLineTarget target) {
        ActionRequests.checkPath(target.getPath(), FIELD + ".lines.path");
        String line = target.getLine();
        require(
                !line.isBlank() && line.chars().noneMatch(each -> each == '\n' || each == 0),
                ".lines.line",
                "is no line",
                "send one as the file has it, without its newline");
        require(
                line.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES,
                ".lines.line",
                "is longer than 8 KiB",
                "quarantine the file instead");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException(FIELD + field, problem, remedy);
        }
    }
}
