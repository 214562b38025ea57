package dev.yagura.response.playbook;

/**
 * What is wrong with a playbook's text, and where.
 *
 * @param line one-based; 0 when the whole text is meant
 * @param column one-based; 0 when the whole text is meant
 */
record SourceProblem(int line, int column, String message) {

    static SourceProblem ofAll(String message) {
        return new SourceProblem(0, 0, message);
    }

    @Override
    public String toString() {
        return line == 0 ? message : "line " + line + ", column " + column + ": " + message;
    }
}
