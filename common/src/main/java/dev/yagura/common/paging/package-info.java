/**
 * Paging of lists by keyset: a page ends with the sort key of its last row, the next one starts
 * after it, so rows that come and go in between shift nothing. {@link
 * dev.yagura.common.paging.PageSize} limits a request's page, {@link
 * dev.yagura.common.paging.PageTokens} carries the key through the client, bound to the query that
 * it belongs to.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.paging;
