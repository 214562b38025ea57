package dev.yagura.sigma.engine;

/** Finds literals in texts, whatever their case. Immutable. */
interface LiteralSearch {

    /** Hears of what is found. */
    interface Listener {
        /**
         * Literals were found that end at the same place.
         *
         * @param codes theirs; not to be changed
         * @param walked characters from where the walk began up to there
         */
        void found(int[] codes, int walked);
    }

    /** Reports what is found in the first characters of the text. */
    void scan(char[] text, int length, Listener listener);
}
