/**
 * AWS's wire protocols without any service: flattened request parameters, XML and JSON bodies,
 * errors, filters, pages, and the table of operations that a service offers.
 *
 * <p>A request's form fields or JSON members become {@link dev.yagura.sandbox.wire.Parameters}; an
 * {@link dev.yagura.sandbox.wire.Operation} says which it knows and needs, checks them and answers
 * with a {@link dev.yagura.sandbox.wire.Body}; {@link dev.yagura.sandbox.wire.Protocol} writes the
 * body or an {@link dev.yagura.sandbox.wire.ApiFault} in the form of the service.
 */
@NullMarked
package dev.yagura.sandbox.wire;

import org.jspecify.annotations.NullMarked;
