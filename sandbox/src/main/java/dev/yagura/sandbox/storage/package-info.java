/**
 * S3 as far as single objects go: put, also by presigned URL, read, deleted. A bucket is there from
 * the start, or never.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.storage;
