package dev.yagura.common.error;

/** An error that the caller can understand and act on. The message is for people and is sent. */
public abstract sealed class YaguraException extends RuntimeException
        permits InvalidFieldException,
                NotFoundException,
                AlreadyExistsException,
                PreconditionFailedException,
                StaleEtagException,
                CursorExpiredException,
                UnauthenticatedException,
                PermissionDeniedException,
                LimitExceededException,
                DependencyUnavailableException,
                PositionLostException {
    private static final long serialVersionUID = 1L;

    YaguraException(String message) {
        super(message);
    }

    YaguraException(String message, Throwable cause) {
        super(message, cause);
    }
}
