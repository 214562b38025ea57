package dev.yagura.inventory.account;

/** S3's Block Public Access of a whole account; all false where it was never set. */
public record PublicAccessBlock(
        boolean blockPublicAcls,
        boolean ignorePublicAcls,
        boolean blockPublicPolicy,
        boolean restrictPublicBuckets) {
    static final PublicAccessBlock NONE = new PublicAccessBlock(false, false, false, false);

    /** Whether no bucket can be public. */
    public boolean blocksEverything() {
        return blockPublicAcls && ignorePublicAcls && blockPublicPolicy && restrictPublicBuckets;
    }
}
