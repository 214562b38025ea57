package dev.yagura.ingest.log;

/**
 * Member of the index of open ledger hours: sorts by hour, newest first, then by agent.
 *
 * @param hour since 1970 UTC
 */
public record LedgerMember(long hour, String agentId, String accountId) {
    /** Less any hour until the year 12236 it has eight digits, so text sorts as numbers do. */
    private static final long INVERSE = 99_999_999;

    private static final int HOUR_DIGITS = 8;

    /** The form in Redis. */
    public String encoded() {
        return sortKey(hour, agentId) + "|" + accountId;
    }

    /** Everything of the hour and agent sorts from here. */
    public static String sortKey(long hour, String agentId) {
        return INVERSE - hour + "|" + agentId;
    }

    /** Reads the form in Redis. */
    public static LedgerMember of(String encoded) {
        int account = encoded.lastIndexOf('|');
        return new LedgerMember(
                INVERSE - Long.parseLong(encoded.substring(0, HOUR_DIGITS)),
                encoded.substring(HOUR_DIGITS + 1, account),
                encoded.substring(account + 1));
    }
}
