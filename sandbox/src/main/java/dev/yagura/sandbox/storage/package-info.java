/**
 * S3 as far as single objects go: put, also by presigned URL, read, deleted; and the names of an
 * account's buckets.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.storage;
