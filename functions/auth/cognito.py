"""The user pool: checks and keeps passwords, mails reset codes. Its tokens are dropped where they arrive.

A user's name in the pool is the e-mail, normalised. Whose e-mail it is, and in which organisation, only our own table knows.
"""

import secrets
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from shared.errors import DomainError
from shared.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_REFUSED: Final = (
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidPasswordException",
    "InvalidParameterException",
)
_WRONG_CODE: Final = (
    "CodeMismatchException",
    "ExpiredCodeException",
    "UserNotFoundException",
    "NotAuthorizedException",
    "UserNotConfirmedException",
    "InvalidParameterException",
    "TooManyFailedAttemptsException",
    "LimitExceededException",
)


@cache
def client() -> "CognitoIdentityProviderClient":
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client("cognito-idp", config=config)


def check_password(user: str, password: str) -> bool:
    """Whether the password is the user's. Raises `sign_in_unavailable` (503) where the pool does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = client().admin_initiate_auth(
            UserPoolId=settings().need("user_pool"),
            ClientId=settings().need("user_pool_client"),
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": password},
        )
    except ClientError as error:
        if _code(error) in _REFUSED:
            return False
        raise unavailable() from error
    except BotoCoreError as error:
        raise unavailable() from error
    # A challenge (a temporary password) is no sign-in: such users do not exist here but for an enrolment cut short.
    return "AuthenticationResult" in answer


def mail_reset_code(user: str) -> None:
    """Mail a reset code; an unknown user is passed over in silence."""
    from botocore.exceptions import ClientError

    try:
        client().forgot_password(ClientId=settings().need("user_pool_client"), Username=user)
    except ClientError as error:
        # LimitExceeded is Cognito's own limit of mails per user: to the outside it looks as if the mail had gone.
        if _code(error) not in {*_REFUSED, "LimitExceededException"}:
            raise


def use_reset_code(user: str, code: str, password: str) -> bool:
    """Set the password with a mailed code; False where the code is wrong, used or expired, or the user unknown."""
    from botocore.exceptions import ClientError

    try:
        client().confirm_forgot_password(
            ClientId=settings().need("user_pool_client"), Username=user, ConfirmationCode=code, Password=password
        )
    except ClientError as error:
        if _code(error) in _WRONG_CODE:
            return False
        raise unavailable() from error
    return True


def set_password(user: str, password: str) -> None:
    """Set the user's password for good. Safe to repeat."""
    client().admin_set_user_password(
        UserPoolId=settings().need("user_pool"), Username=user, Password=password, Permanent=True
    )


def make_user(email: str, locale: str) -> None:
    """The pool has a user with this verified e-mail and a password that nobody knows; no mail goes out. Safe to repeat.

    For an e-mail that nobody signs in with yet. A user who stands already is left from an enrolment cut short, or from a person
    who has another e-mail now: whatever his password was, it must not open the new person's account. The password makes the user
    CONFIRMED, and only such a user can ask for a reset code.
    """
    pool = settings().need("user_pool")
    attributes: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": email},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "locale", "Value": locale},
    ]
    try:
        client().admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    except client().exceptions.UsernameExistsException:
        set_locale(email, locale)
    set_password(email, unguessable_password())


def set_locale(email: str, locale: str) -> None:
    """The language of the mails that the pool sends. Safe to repeat."""
    client().admin_update_user_attributes(
        UserPoolId=settings().need("user_pool"), Username=email, UserAttributes=[{"Name": "locale", "Value": locale}]
    )


def unguessable_password() -> str:
    """A password that satisfies any policy and that nobody will ever know."""
    return f"aA1!{secrets.token_urlsafe(32)}"


def unavailable() -> DomainError:
    return DomainError("sign_in_unavailable", HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})


def _code(error: Exception) -> str:
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
