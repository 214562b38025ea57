package dev.yagura.agent.follow;

/**
 * Up to where a file was read.
 *
 * @param inode which file it was: names change with rotation
 * @param head checksum of the file's first bytes: inodes are used again
 * @param headBytes how many bytes that are
 */
public record FilePosition(long inode, long head, int headBytes, long offset) {}
